import type { Scenario } from '../model/scenario.ts'
import { faults } from './faults.ts'
import { limits } from './limits.ts'

/** Some of the scenarios with few and with many clients. */
export const sizes: readonly Scenario[] = [...faults, ...limits]
  .filter(({ name }) => ['1b', '2a', '5'].includes(name))
  .flatMap((scenario) =>
    [1, 5, 500].map((clients) => ({
      ...scenario,
      name: `${scenario.name}-${clients}`,
      title: `${scenario.title}; ${clients === 1 ? '1 client' : `${clients} clients`}`,
      clients,
      seconds: 150,
    })),
  )
