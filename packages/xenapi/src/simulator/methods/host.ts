import { type Methods, text } from './method.ts'

/** Methods about hosts. */
export function hostMethods(): Methods {
  return {
    'host.is_in_emergency_mode': {
      takes: [0, 0],
      session: 'local',
      emergency: true,
      run: ({ host }) => host.emergency !== undefined,
    },
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
