/** Calls a listener, which can break nothing. */
export function tell<News>(listener: (news: News) => unknown, news: News): void {
  try {
    const answer = listener(news)
    if (answer instanceof Promise) answer.catch(() => {})
  } catch {
    // Neither the work nor those who wait beside can help it.
  }
}
