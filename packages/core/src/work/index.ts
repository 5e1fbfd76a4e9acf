/** The entry for long work: start it, watch it, and find out how it ended. */
export type { StateAnswer, VendorWork, WantedState, WorkName } from '../contract/work/vendor-work.ts'
export type { EachOptions, EachProgress, EachResult } from './each.ts'
export type { EndState, SavedWork, WaitOptions, Work, WorkState } from './running/work-state.ts'
export type { UntilOptions, UntilRequest } from './until.ts'
export { type WorkCalls, type WorkingFetch, withWork } from './with-work.ts'
