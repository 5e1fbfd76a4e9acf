import type { Observer, ResilienceEvent } from '@holdfast/core'
import type { WorkState } from '@holdfast/core/work'
import type { EventGroups } from './event-groups.ts'
import type { LiveLines } from './live-lines.ts'
import { answer, decision, excerpt, outline, refusal, type Style, seconds, serviceChange } from './messages.ts'
import type { DemoRequest } from './request.ts'
import type { Result } from './result.ts'
import type { Look, Screen } from './screen.ts'

/** Columns of the time before each line. */
const margin = 8
const indent = margin + 2

/** Writes the lines of a scenario while it runs, each with the seconds since its beginning. */
export class Reporter {
  /** Takes the events while many calls are under way. */
  groups: EventGroups | undefined
  readonly #screen: Screen
  readonly #isPool: boolean
  readonly #started = performance.now()
  #held: string[] = []

  constructor(screen: Screen, isPool = false) {
    this.#screen = screen
    this.#isPool = isPool
  }

  /** Milliseconds since the scenario began. */
  readonly now = (): number => performance.now() - this.#started

  /** Writes what the caller requests. */
  request(label: string): void {
    this.#line(label, 'bold', 0)
  }

  /** Writes a note on the server, the client, the caller or the state. */
  note(about: 'server' | 'client' | 'caller' | 'state', text: string): void {
    this.#line(`${about}: ${text}`, looks[about], 0)
  }

  /** Writes a change of the client as a whole, after the answer that caused it. */
  observe(event: ResilienceEvent): void {
    const change = serviceChange(event)
    if (change !== undefined) this.#held.push(change)
    // These have no answer as their cause; all other changes are reported just before the answer that caused them.
    const isOver = event.type === 'decision-made' || event.type === 'call-ended'
    if (isOver || event.type === 'circuit-half-opened' || event.type.startsWith('session-')) this.#release()
  }

  /** The style of the lines about a request. */
  styleOf({ changes }: DemoRequest): Style {
    return { changes, isPool: this.#isPool }
  }

  /** Makes an observer that writes each step of one call. */
  observerOf(ask: DemoRequest): Observer {
    const style = this.styleOf(ask)
    return (event) => {
      if ('key' in event && event.key.endsWith(' login')) return
      if (event.type === 'attempt-ended')
        this.#line(`attempt ${event.attempt}: ${answer(event, style)}`, event.verdict ? 'yellow' : 'green')
      if (event.type === 'decision-made') this.#more(`→ ${decision(event.decision)}`)
      if (event.type === 'call-waited') this.#line(`held back for ${seconds(event.ms)}: the server asked for it`)
      if (event.type === 'call-refused') this.#line(`not sent: ${refusal[event.reason]}`, 'red')
    }
  }

  /** Makes lines that change in place, for work under way. */
  live(): LiveLines {
    return this.#screen.live()
  }

  /** A line about work: its name, a bar, and the share that is done or its end. */
  workLine(label: string, { status, progress = 0 }: WorkState): string {
    const full = Math.round(20 * progress)
    const bar = `[${'='.repeat(full)}${' '.repeat(20 - full)}]`
    return `${seconds(this.now()).padStart(margin - 2)}    ${label} ${bar} ${Math.round(100 * progress)} % ${status}`
  }

  /** Writes the result of one call. */
  result(result: Result): void {
    if (result.type === 'answered') {
      if (result.body !== undefined) this.#more(`caller gets ${excerpt(result.body)}`)
      return
    }
    this.#more(`caller gets ${outline(result.error)}`, 'red')
    this.#hint(result)
  }

  /** Writes the events of many calls, and their results. */
  results(groups: EventGroups, results: readonly Result[], ms: number): void {
    this.#writeGroups(groups)
    const ends = (['answered', 'failed', 'refused'] as const)
      .map((type) => [type, results.filter((one) => one.type === type).length] as const)
      .filter(([, number]) => number > 0)
      .map(([type, number]) => `${number.toLocaleString('en')} ${type}`)
    const [failed, ...more] = results.filter((one) => one.type === 'failed')
    if (failed !== undefined) {
      const who = more.length === 0 ? 'the failed one gets' : 'each failed one gets'
      this.#more(`${who} ${outline(failed.error)}`, 'red')
      this.#hint(failed)
    }
    this.#more(`in the end, ${ends.join(', ')} in ${Math.round(ms)} ms`)
  }

  /** Writes a promise, kept or broken. */
  check(promise: string, kept: boolean): void {
    this.#screen.paragraph(promise, {
      look: kept ? 'green' : ['red', 'bold'],
      prefix: kept ? '✔ ' : '✘ ',
      prefixLook: kept ? 'green' : 'red',
    })
  }

  #hint(result: Result): void {
    if (result.type === 'failed' && result.error.hint !== undefined) this.#more(`hint: ${result.error.hint}`)
  }

  #writeGroups(groups: EventGroups): void {
    for (const { at, text, decisions, count } of groups.take()) {
      this.#print(count > 1 ? `${count.toLocaleString('en')} × ${text}` : text, [], 2, at)
      for (const each of decisions) this.#more(`→ ${each}`)
    }
  }

  #release(): void {
    const held = this.#held
    this.#held = []
    for (const text of held) {
      if (this.groups === undefined) this.note('client', text)
      else this.groups.add(`client: ${text}`)
    }
  }

  /** Writes the events of many calls first, which came before this line. */
  #line(text: string, look?: Look, deeper?: number): void {
    if (this.groups !== undefined) this.#writeGroups(this.groups)
    this.#print(text, look, deeper)
  }

  #print(text: string, look: Look = [], deeper = 2, at = this.now()): void {
    const prefix = `${seconds(at).padStart(margin - 2)}  ${' '.repeat(deeper)}`
    this.#screen.paragraph(text, { look, prefix, prefixLook: 'dim', hang: prefix.length + 2 })
  }

  #more(text: string, look: Look = []): void {
    this.#screen.paragraph(text, { look, prefix: ' '.repeat(indent), hang: indent + 2 })
  }
}

const looks: Readonly<Record<'server' | 'client' | 'caller' | 'state', Look>> = {
  server: 'magenta',
  client: 'cyan',
  caller: 'blue',
  state: 'cyan',
}
