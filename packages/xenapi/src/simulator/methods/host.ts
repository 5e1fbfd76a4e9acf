import type { State } from '../state.ts'
import { type Methods, text } from './method.ts'

/** Methods about hosts, and their messages. */
export function hostMethods({ database }: State): Methods {
  return {
    'host.is_in_emergency_mode': {
      takes: [0, 0],
      session: 'local',
      emergency: true,
      run: ({ host }) => host.emergency !== undefined,
    },
    'host.get_servertime': {
      takes: [1, 1],
      run(asked) {
        database.get('host', text(asked, 0, 'host'))
        return new Date()
      },
    },
    // There are none.
    'message.get_all': { takes: [0, 0], run: () => [] },
    'message.get_all_records': { takes: [0, 0], run: () => ({}) },
    'host.call_plugin': {
      takes: [4, 4],
      async: true,
      run(asked) {
        asked.done('host.call_plugin', text(asked, 0, 'host'))
        return ''
      },
    },
  }
}
