import { marker } from './marker.ts'

/** A map that every installed copy of this package uses: what one of them keeps in it, the others find. */
export function mapOfProcess<V>(name: string): WeakMap<object, V> {
  const maps = globalThis as { [mark: symbol]: WeakMap<object, V> | undefined }
  const mark = marker(name)
  maps[mark] ??= new WeakMap()
  return maps[mark]
}
