import 'server-only'
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { SignInMethod } from './claims.ts'

const found = new Map<SignInMethod, string | null>()

/**
 * Address of the official graphic of a method, where the operator has put it in `public/marchi/`; null otherwise.
 * SPID's and CIE's marks are trademarks: they are not part of this repository.
 */
function officialMark(method: SignInMethod): string | null {
  const known = found.get(method)
  if (known !== undefined) return known
  const mark = `/marchi/${method}.svg`
  const address = existsSync(path.join(process.cwd(), 'public', mark)) ? mark : null
  found.set(method, address)
  return address
}

/** The official graphics of both methods. */
export const officialLogos = (): Record<SignInMethod, string | null> => ({
  spid: officialMark('spid'),
  cie: officialMark('cie'),
})
