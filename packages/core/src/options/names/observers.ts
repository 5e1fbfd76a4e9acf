import { OptionsError } from '../../error/options-error.ts'
import { type Check, ofType } from '../check.ts'

const MAKES_OBSERVERS = /* @__PURE__ */ Symbol.for('holdfast.makesObservers')

/** Marks a function that makes observers: given in the place of one it would be called, and never tell anything. */
export const makesObservers = <Make extends (...given: never[]) => unknown>(make: Make): Make =>
  Object.defineProperty(make, MAKES_OBSERVERS, { value: true })

/** A function that is an observer, and makes none. Another copy of this package knows the mark as well. */
export const observer: Check = (value, path) => {
  ofType('function')(value, path)
  if (MAKES_OBSERVERS in Object(value)) throw new OptionsError(path, 'is a function that makes observers: call it.')
}
