import { parse, View } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import type { Result } from '../job.ts'
import type { Scenario } from '../model/scenario.ts'

/** The contenders in a picture. */
const shown = [
  'ideal',
  'holdfast',
  'holdfast, patience 0',
  'no retry',
  'ky',
  'p-retry in opossum',
  'cockatiel, sampling',
  'smithy, standard',
]

/** The course of a scenario as SVG: what became of the calls, and what reached the servers. */
export function pictureOf(scenario: Scenario, results: readonly Result[]): Promise<string> {
  const drawn = shown.filter((name) => results.some(({ contender }) => contender === name))
  const points = results.flatMap(({ contender, course }) =>
    course.map(({ at, success, requests }) => ({ contender, at, success, requests })),
  )
  const panel = (field: 'success' | 'requests', title: string, format: string): object => ({
    width: 720,
    height: 160,
    layer: [
      {
        data: { values: [scenario.fault] },
        mark: { type: 'rect', color: '#888', opacity: 0.12 },
        encoding: { x: { field: 'from', type: 'quantitative' }, x2: { field: 'to' } },
      },
      {
        mark: { type: 'line', strokeWidth: 1.5 },
        encoding: {
          x: { field: 'at', type: 'quantitative', title: 'seconds', axis: { grid: false, tickCount: 8 } },
          y: { field, type: 'quantitative', title, axis: { format, tickCount: 5 } },
          color: { field: 'contender', type: 'nominal', scale: { domain: drawn }, title: null },
        },
      },
    ],
  })
  const spec = {
    title: `${scenario.name}: ${scenario.title}`,
    background: 'white',
    data: { values: points.filter(({ contender }) => drawn.includes(contender)) },
    vconcat: [
      panel('success', 'calls begun that succeed', '%'),
      panel('requests', 'requests a second at the servers', 'd'),
    ],
  } as TopLevelSpec
  return new View(parse(compile(spec).spec), { renderer: 'none' }).toSVG()
}
