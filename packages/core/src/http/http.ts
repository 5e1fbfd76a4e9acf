import { defineVendor } from '../contract/vendor.ts'
import { httpCatalogue } from './catalogue.ts'
import { parseBare } from './parse.ts'

/** The built-in vendor: bare status codes and transport errors, used where no vendor's own word is to be had. */
export const http = defineVendor({ name: 'http', catalogue: httpCatalogue, parse: parseBare })
