import { type CodeOf, defineCatalogue } from '@holdfast/core/plugin'
import { documented } from './catalogue/documented.ts'
import { newer } from './catalogue/newer.ts'
import { storage } from './catalogue/storage.ts'
import { unlisted } from './catalogue/unlisted.ts'

/** The meaning of every error of XenAPI. */
export const catalogue = defineCatalogue('xenapi', [...documented, ...newer, ...storage, ...unlisted])

/** A code of XenAPI that the catalogue knows; a `*` at its end stands for the rest of a family's codes. */
export type XenApiCode = CodeOf<typeof catalogue>
