import { redact } from '@holdfast/core'

/** Labels in place of secrets: the same label for the same secret. */
export interface Labels {
  of(secret: string): string
  /** A text with labels in place of these secrets. */
  hideIn(text: string, secrets: readonly string[]): string
}

// In longer texts, secrets are found only in their own spelling.
const LONGEST_SEARCHED = 262_144

/** Makes labels: the given ones, else `[secret 1]` and so on. */
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
      // One secret may be part of another.
      const all = [...new Set(secrets)].filter((one) => one !== '').sort((one, other) => other.length - one.length)
      if (text.length > LONGEST_SEARCHED)
        return all.reduce((shown, one) => (shown.includes(one) ? shown.replaceAll(one, labelOf(one)) : shown), text)
      // Most texts contain none, and searching for all at once costs as little as searching for one.
      return redact(text, all) === text ? text : all.reduce(hideOne, text)
    },
  }
}
