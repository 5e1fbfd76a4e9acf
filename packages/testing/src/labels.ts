import { redact } from '@holdfast/core'

/** Words in the place of secrets: equal words for equal secrets. */
export interface Labels {
  of(secret: string): string
  /** A text with labels in the place of these secrets. */
  hideIn(text: string, secrets: readonly string[]): string
}

// In longer texts, secrets are hidden only where they stand as they are.
const LONGEST_SEARCHED = 262_144

/** Makes labels: those that are given, else `[secret 1]` and so on. */
export function createLabels(given: (secret: string) => string | undefined = () => undefined): Labels {
  const labels = new Map<string, string>()
  const labelOf = (secret: string) => {
    const label = given(secret) ?? labels.get(secret) ?? `[secret ${labels.size + 1}]`
    labels.set(secret, label)
    return label
  }
  const hideOne = (text: string, secret: string) =>
    redact(text, [secret]) === text ? text : redact(text, [secret], labelOf(secret))
  return {
    of: labelOf,
    hideIn(text, secrets) {
      if (text === '' || secrets.length === 0) return text
      // One secret may be a part of another.
      const all = [...new Set(secrets)].filter((one) => one !== '').sort((one, other) => other.length - one.length)
      if (text.length > LONGEST_SEARCHED)
        return all.reduce((shown, one) => (shown.includes(one) ? shown.replaceAll(one, labelOf(one)) : shown), text)
      // Most texts hold none, and looking for all at once costs as little as looking for one.
      return redact(text, all) === text ? text : all.reduce(hideOne, text)
    },
  }
}
