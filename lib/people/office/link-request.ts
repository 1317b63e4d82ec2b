import { ok, type Result, refused } from '#lib/kernel/result.ts'

/** A pupil who may be the one that was meant. `why`: what agrees with the request. */
export type Candidate = {
  pupilId: string
  name: string
  householdId: string
  familyName: string
  where: string
  why: 'code' | 'name'
}

export type LinkFacts = {
  /** Who asks, as SPID or CIE says. */
  name: string
  pupil: { name: string; householdId: string; familyName: string } | null
  holder: { id: string; name: string } | null
  /** The person who asks has a role in that household today. */
  hasRole: boolean
}

/** What linking would do, in words: always as a delegate of that one child. The holder is told. */
export function planLink({ name, pupil, holder, hasRole }: LinkFacts): Result<string[]> {
  if (!pupil) return refused('link:choose-pupil')
  if (hasRole) return refused('link:has-role', { name })
  if (!holder) return refused('link:no-holder')
  return ok([
    `${name}, riconosciuto con SPID o CIE, diventa delegato per ${pupil.name}, della famiglia ${pupil.familyName}.`,
    `Vede il calendario di ${pupil.name} e disdice i pasti. Non vede saldo, movimenti e fatture, e non vede altri figli.`,
    `L’intestatario, ${holder.name}, è avvisato subito e può revocare la delega quando vuole.`,
  ])
}
