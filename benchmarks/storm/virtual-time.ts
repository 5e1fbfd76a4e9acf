// Imported for what it does, before anything else: a module that is loaded after it finds virtual time in place.
import { installClock } from './model/clock.ts'

installClock()
