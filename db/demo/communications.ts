import { sql } from 'kysely'
import type { Viewer } from '#lib/access/viewer.ts'
import { acknowledge, openCommunication } from '#lib/communications/communication.commands.ts'
import {
  type CommunicationDraft,
  saveCommunication,
} from '#lib/communications/office/communication.commands.ts'
import { approveCommunication, submitCommunication } from '#lib/communications/office/publication.commands.ts'
import { addDays, type Day, instantInRome } from '#lib/kernel/day.ts'
import type { Result } from '#lib/kernel/result.ts'
import type { Db } from '../client.ts'
import type { DemoHousehold, DemoMunicipality } from './municipality.ts'

type Sketch = Partial<CommunicationDraft> & { daysAgo: number; title: string; body: string }

const sketches = (today: Day): Sketch[] => [
  {
    daysAgo: 40,
    kind: 'information',
    title: 'Come funziona la mensa quest’anno',
    body: '<p>Gentile {nome}, ecco in breve come funziona la mensa quest’anno.</p><h2>Le presenze</h2><p>Ogni bambino iscritto è presente, se non lo disdici entro le <strong>9:30</strong> del mattino.</p><h2>Il quadernino</h2><p>L’assenza va scritta anche nel quadernino degli avvisi: la scuola non la vede da qui.</p>',
  },
  {
    daysAgo: 12,
    kind: 'information',
    title: 'Patto per una mensa serena: da leggere e confermare',
    acknowledgement: 'household',
    acknowledgeBy: addDays(today, 7),
    body: '<p>Il patto dice che cosa facciamo noi, che cosa fa la scuola e che cosa chiediamo alle famiglie.</p><ul><li>Il cibo non si usa come premio o punizione.</li><li>Ogni bambino assaggia, nessuno è obbligato a finire.</li><li>Le diete si chiedono con un certificato, ogni anno.</li></ul><p>Basta la conferma di un genitore.</p>',
  },
  {
    daysAgo: 8,
    kind: 'reminder',
    about: 'money',
    audience: { to: 'everybody', ids: [], inDebt: true },
    title: 'Saldo da ricaricare',
    body: '<p>Gentile {nome}, il saldo della mensa è {saldo}.</p><p>Ti chiediamo di ricaricare almeno {debito}. Se hai già pagato, non devi fare altro.</p><p>Se c’è una difficoltà, chiamaci: troviamo insieme una soluzione.</p>',
  },
  {
    daysAgo: 3,
    kind: 'notice',
    title: 'In cucina arriva il menù d’inverno',
    body: '<p>Dalla prossima settimana nei piatti tornano minestre, legumi e agrumi.</p><p>Il menù completo è affisso a scuola.</p>',
  },
]

const draftOf = ({ daysAgo: _, ...sketch }: Sketch): CommunicationDraft => ({
  id: null,
  baseVersion: 0,
  kind: 'notice',
  about: 'service',
  audience: { to: 'everybody', ids: [], inDebt: false },
  acknowledgement: 'none',
  acknowledgeBy: null,
  expiresAt: null,
  reason: '',
  fiscalCodes: [],
  kept: [],
  added: [],
  ...sketch,
})

/** Communications as the office would have sent them, read by most families; one waits for approval, one is scheduled. */
export async function seedCommunications(
  owner: Db,
  municipality: DemoMunicipality,
  households: readonly DemoHousehold[],
  { now, today, since }: { now: Date; today: Day; since: Day },
  atClock: (instant: Date) => Promise<unknown>,
): Promise<void> {
  const operator = await staffViewer(owner, municipality.municipalityId, 'operator')
  const manager = await staffViewer(owner, municipality.municipalityId, 'manager')
  for (const [order, sketch] of sketches(today).entries()) {
    const day = [addDays(today, -sketch.daysAgo), since].sort().at(-1) as Day
    const at = instantInRome(day, `17:${40 + order}`)
    await atClock(at < now ? at : now)
    const { id, version } = done(await saveCommunication(operator, draftOf(sketch)))
    done(await submitCommunication(operator, id, version, { publishAt: null, note: '' }))
    const sent = await approveCommunication(manager, id, version, { publishAt: null, seen: null })
    if (!sent.ok) continue
    await markSent(owner, municipality.municipalityId)
    // The manual's family has not read any of them yet; most of the others have.
    for (const [n, household] of households.entries())
      if (n > 0 && n % 4 !== 3) await read(municipality, household, id, version)
  }
  await atClock(now)
  const scheduled = done(
    await saveCommunication(
      operator,
      draftOf({
        daysAgo: 0,
        kind: 'information',
        title: 'Festa di fine trimestre: pranzo speciale',
        body: '<p>L’ultimo giovedì prima delle vacanze in mensa si mangia insieme il pranzo della festa.</p>',
      }),
    ),
  )
  const publishAt = instantInRome(addDays(today, 2), '08:00')
  done(await approveCommunication(manager, scheduled.id, scheduled.version, { publishAt, seen: null }))
  const waiting = done(
    await saveCommunication(
      operator,
      draftOf({
        daysAgo: 0,
        title: 'Cambio di orario alla primaria',
        audience: { to: 'schools', ids: [municipality.schools.primaria.id], inDebt: false },
        body: '<p>Da lunedì il primo turno della mensa comincia alle 12:15.</p>',
      }),
    ),
  )
  done(
    await submitCommunication(operator, waiting.id, waiting.version, {
      publishAt: null,
      note: 'Va bene l’orario?',
    }),
  )
}

/** The household's holder opens it, and confirms where that is asked. */
async function read(
  municipality: DemoMunicipality,
  household: DemoHousehold,
  id: string,
  version: number,
): Promise<void> {
  const viewer: Viewer = {
    municipalityId: municipality.municipalityId,
    personId: household.holderId,
    citizenId: household.holderId,
    sessionId: household.holderId,
    name: 'Intestatario',
    memberships: [{ householdId: household.householdId, role: 'holder' }],
    staffRoles: [],
  }
  const found = await openCommunication(viewer, id, null)
  if (found?.text?.acknowledgement === 'asked') done(await acknowledge(viewer, id, version))
}

/** Marks the old e-mails as sent, so that the worker of today sends none of them. */
const markSent = (owner: Db, municipalityId: string) =>
  owner
    .updateTable('outbox')
    .set({ due_at: null, outcome: 'sent', sent_at: sql<Date>`app_now()` })
    .where('municipality_id', '=', municipalityId)
    .where('dedupe_key', 'like', 'communication:%')
    .where('outcome', 'is', null)
    .execute()

async function staffViewer(owner: Db, municipalityId: string, role: 'operator' | 'manager'): Promise<Viewer> {
  const { person_id } = await owner
    .selectFrom('staff_member')
    .select('person_id')
    .where('municipality_id', '=', municipalityId)
    .where('role', '=', role)
    .executeTakeFirstOrThrow()
  return {
    municipalityId,
    personId: person_id,
    citizenId: person_id,
    sessionId: person_id,
    name: 'Ufficio',
    memberships: [],
    staffRoles: [role],
  }
}

function done<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`the demonstration was refused: ${result.code}`)
  return result.value
}
