/** Tells somebody of something. Whoever is told can break nothing. */
export function tell<Told>(listener: (told: Told) => unknown, told: Told): void {
  try {
    const answer = listener(told)
    if (answer instanceof Promise) answer.catch(() => {})
  } catch {
    // Neither the work nor those who wait beside can help it.
  }
}
