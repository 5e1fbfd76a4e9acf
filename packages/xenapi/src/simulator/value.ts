/** A value of XenAPI. A `number` is one of its 64-bit integers, which XML writes as text; see `Typed` for the others. */
export type Value = null | boolean | number | string | Date | Typed | readonly Value[] | Struct

/** A record or a map, its members in the order in which they are written. */
export interface Struct {
  readonly [name: string]: Value
}

/** A number that is not a 64-bit integer. */
export class Typed {
  readonly type: 'double' | 'i4'
  readonly value: number

  constructor(type: 'double' | 'i4', value: number) {
    this.type = type
    this.value = value
  }
}

/** A floating-point number, `1.0` among them. */
export const double = (value: number) => new Typed('double', value)

/** A 32-bit integer. */
export const i4 = (value: number) => new Typed('i4', value)

/** A time as XenAPI writes it: `20261121T10:00:00Z`. */
export const stamp = (date: Date) => date.toISOString().replace(/-|\.\d+/g, '')

/** A floating-point number as OCaml writes it: `10.` for ten. */
export const ocamlFloat = (value: number) => (Number.isInteger(value) ? `${value}.` : String(value))
