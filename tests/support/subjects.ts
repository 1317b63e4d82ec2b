import { inScope, type Scope, type Trx } from '#db/client.ts'
import { enterSubject, SUBJECTS } from '#db/subjects.ts'

/** A transaction of a scope that is about every subject: what row security shows then, it shows at most. */
export const inEverySubject = <T>(scope: Scope, work: (trx: Trx) => Promise<T>): Promise<T> =>
  inScope(scope, async (trx) => {
    for (const subject of SUBJECTS) await enterSubject(trx, subject)
    return work(trx)
  })

/** The same for a family. */
export const familyInEverySubject = <T>(
  viewer: { municipalityId: string; personId: string },
  work: (trx: Trx) => Promise<T>,
): Promise<T> =>
  inEverySubject(
    { municipalityId: viewer.municipalityId, personId: viewer.personId, audience: 'family' },
    work,
  )
