import type { Observer, ResilienceEvent } from '@holdfast/core'
import type { Ask } from './ask.ts'
import type { Crowd } from './crowd.ts'
import type { Look, Screen } from './screen.ts'
import type { Told } from './told.ts'
import { answer, decision, glimpse, type Manner, news, outline, refusal, seconds } from './words.ts'

/** Columns of the time before each line. */
const margin = 8
const indent = margin + 2

/** Tells a scene as it goes, each line with the seconds since its beginning. */
export class Narrator {
  /** While many calls are under way, what happens to all of them goes here. */
  crowd: Crowd | undefined
  readonly #screen: Screen
  readonly #isPool: boolean
  readonly #started = performance.now()
  #held: string[] = []

  constructor(screen: Screen, isPool = false) {
    this.#screen = screen
    this.#isPool = isPool
  }

  /** Milliseconds since the scene began. */
  readonly now = (): number => performance.now() - this.#started

  /** Tells what the caller does. */
  act(what: string): void {
    this.#line(what, 'bold', 0)
  }

  /** Tells what somebody else does, or how something stands. */
  say(who: 'server' | 'client' | 'caller' | 'state', what: string): void {
    this.#line(`${who}: ${what}`, looks[who], 0)
  }

  /** Tells what became of the client as a whole, after the answer that caused it. */
  hear(event: ResilienceEvent): void {
    const what = news(event)
    if (what !== undefined) this.#held.push(what)
    // These come by themselves; whatever else is news comes just before the answer that it follows from.
    const isOver = event.type === 'decision-made' || event.type === 'call-ended'
    if (isOver || event.type === 'circuit-half-opened' || event.type.startsWith('session-')) this.#release()
  }

  /** How answers to a call are to be told. */
  mannerOf({ changes }: Ask): Manner {
    return { changes, isPool: this.#isPool }
  }

  /** Follows one call, step by step. */
  follow(ask: Ask): Observer {
    const manner = this.mannerOf(ask)
    return (event) => {
      if ('key' in event && event.key.endsWith(' login')) return
      if (event.type === 'attempt-ended')
        this.#line(`attempt ${event.attempt}: ${answer(event, manner)}`, event.verdict ? 'yellow' : 'green')
      if (event.type === 'decision-made') this.#more(`→ ${decision(event.decision)}`)
      if (event.type === 'call-waited') this.#line(`held back for ${seconds(event.ms)}: the server asked for it`)
      if (event.type === 'call-refused') this.#line(`not sent: ${refusal[event.reason]}`, 'red')
    }
  }

  /** Tells what one caller got in the end. */
  conclude(told: Told): void {
    if (told.type === 'answered') {
      if (told.body !== undefined) this.#more(`caller gets ${glimpse(told.body)}`)
      return
    }
    this.#more(`caller gets ${outline(told.error)}`, 'red')
    this.#hint(told)
  }

  /** Tells what happened to a crowd, and what its callers got in the end. */
  tellCrowd(crowd: Crowd, told: readonly Told[], ms: number): void {
    this.#tellGroups(crowd)
    const ends = (['answered', 'failed', 'refused'] as const)
      .map((type) => [type, told.filter((one) => one.type === type).length] as const)
      .filter(([, many]) => many > 0)
      .map(([type, many]) => `${many.toLocaleString('en')} ${type}`)
    const [failed, ...more] = told.filter((one) => one.type === 'failed')
    if (failed !== undefined) {
      const who = more.length === 0 ? 'the failed one gets' : 'each failed one gets'
      this.#more(`${who} ${outline(failed.error)}`, 'red')
      this.#hint(failed)
    }
    this.#more(`in the end, ${ends.join(', ')} in ${Math.round(ms)} ms`)
  }

  /** Tells whether a promise was kept. */
  judge(promise: string, kept: boolean): void {
    this.#screen.paragraph(promise, {
      look: kept ? 'green' : ['red', 'bold'],
      lead: kept ? '✔ ' : '✘ ',
      leadLook: kept ? 'green' : 'red',
    })
  }

  #hint(told: Told): void {
    if (told.type === 'failed' && told.error.hint !== undefined) this.#more(`hint: ${told.error.hint}`)
  }

  #tellGroups(crowd: Crowd): void {
    for (const { at, what, decisions, many } of crowd.take()) {
      this.#print(many > 1 ? `${many.toLocaleString('en')} × ${what}` : what, [], 2, at)
      for (const decided of decisions) this.#more(`→ ${decided}`)
    }
  }

  #release(): void {
    const held = this.#held
    this.#held = []
    for (const what of held) {
      if (this.crowd === undefined) this.say('client', what)
      else this.crowd.add(`client: ${what}`)
    }
  }

  /** What a crowd has seen before this comes first. */
  #line(text: string, look?: Look, deeper?: number): void {
    if (this.crowd !== undefined) this.#tellGroups(this.crowd)
    this.#print(text, look, deeper)
  }

  #print(text: string, look: Look = [], deeper = 2, at = this.now()): void {
    const lead = `${seconds(at).padStart(margin - 2)}  ${' '.repeat(deeper)}`
    this.#screen.paragraph(text, { look, lead, leadLook: 'dim', hang: lead.length + 2 })
  }

  #more(text: string, look: Look = [], column = indent): void {
    this.#screen.paragraph(text, { look, lead: ' '.repeat(column), hang: column + 2 })
  }
}

const looks: Readonly<Record<'server' | 'client' | 'caller' | 'state', Look>> = {
  server: 'magenta',
  client: 'cyan',
  caller: 'blue',
  state: 'cyan',
}
