import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { vendorNames } from './vendors.ts'

/** The error for arguments or input that are not understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The text of `--help`. */
export const USAGE = `Usage: holdfast explain [VENDOR] CODE...      what an error means, and what to do about it
       holdfast explain VENDOR --reply FILE   the same of a reply; - for stdin. As \`curl -i\`,
                                              \`curl -v\`, HTTPie, \`wget -S\` or
                                              \`openstack --debug\` print it, or its
                                              body alone with --status
       holdfast catalogue [VENDOR] [CODE]...  the documented errors as one JSON array
VENDOR is one of ${vendorNames.join(', ')}.
CODE is spelt as the answer has it: VM_BAD_POWER_STATE, 503.

explain    --method METHOD  of the request that was answered; without it, one that reads
                            and one that changes something are told
           --url URL        of that request
           --data TEXT      its body, which says what an RPC asks for
           --status STATUS  of a reply of which only the body is there, or of a code
           --json           prints the explanations as one JSON array
catalogue  --kind KIND      retryable, auth, conflict or fatal
           -h, --help   -V, --version

Ends with 0, with 1 where nobody lists a code, and with 2 where the arguments or the file are not understood.
It reads no settings, and sends nothing.`

/** @throws {UsageError} for an option that a command does not have. */
export function parse<const Options extends ParseArgsOptionsConfig>(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    // The rest of the message is advice for arguments that begin with a dash.
    const [sentence] = (error as Error).message.split('. ')
    throw new UsageError(`${sentence}.`)
  }
}
