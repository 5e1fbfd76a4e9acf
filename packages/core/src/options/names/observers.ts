import { OptionsError } from '../../error/options-error.ts'
import { type Check, ofType } from '../check.ts'

const MAKES_OBSERVERS = /* @__PURE__ */ Symbol.for('holdfast.makesObservers')

/** Marks a function that makes observers: given as an observer itself, it would be called with events to no effect. */
export const makesObservers = <Make extends (...given: never[]) => unknown>(make: Make): Make =>
  Object.defineProperty(make, MAKES_OBSERVERS, { value: true })

/** A function that is not marked as one that makes observers, also by another copy of this package. */
export const observer: Check = (value, path) => {
  ofType('function')(value, path)
  if (MAKES_OBSERVERS in Object(value)) throw new OptionsError(path, 'is a function that makes observers: call it.')
}
