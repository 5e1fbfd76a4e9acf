import type { Reporter, TestModule } from 'vitest/node'

/**
 * Ends a test run with the plain line `N passed, N failed`, for readers that are programs. A file or a
 * suite that did not get as far as its tests counts as one failure, and so does an error outside any test.
 */
export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandled.length, skipped: 0, pending: 0 }
    for (const module of modules) {
      count.failed += module.errors().length
      for (const suite of module.children.allSuites()) count.failed += suite.errors().length
      for (const test of module.children.allTests()) count[test.result().state]++
    }
    const { passed, failed, skipped, pending } = count
    if (skipped + pending > 0) console.log(`${skipped} skipped, ${pending} never run`)
    console.log(`Node ${process.versions.node}`)
    console.log(`${passed} passed, ${failed} failed`)
  }
}
