import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { asSystem } from '#db/client.ts'
import { prepareBatch } from '#lib/forms/office/batch.commands.ts'
import { ownSubmission } from '#lib/forms/submission.queries.ts'
import { issueInvoice } from '#lib/invoices/invoice.commands.ts'
import { insertKitchen } from '#lib/kitchen/office/kitchen.commands.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'
import { createBand } from '#lib/tariffs/office/fare-band.commands.ts'
import { ACTORS, type Actor, aCast, type Cast } from '#tests/support/actors.ts'
import { appFiles, filesBeforeNext } from '#tests/support/addresses.ts'
import { type App, startApp } from '#tests/support/app.ts'
import { aCommunication } from '#tests/support/communications.ts'
import { aHousehold, aPupil, aStaffViewer } from '#tests/support/factories.ts'
import { aForm, fill, healthDiet, send } from '#tests/support/forms.ts'
import { aPublishedMenu } from '#tests/support/menus.ts'
import { aTopUp, markPaid } from '#tests/support/money.ts'
import { sent } from '#tests/support/pupil-imports.ts'

/**
 * Every page and every address of the portal, asked by everybody. What a person may not see answers "not found"; whoever
 * is not signed in is sent to sign in; whoever has no role left reads what to do. A new route without a row fails here.
 */
type Answer = 'shown' | 'not found' | 'sign in' | 'unknown here' | 'refused'

const everybody = (answer: Answer, exceptions: Partial<Record<Actor, Answer>> = {}): Record<Actor, Answer> =>
  Object.fromEntries(ACTORS.map((actor) => [actor, exceptions[actor] ?? answer])) as Record<Actor, Answer>

const outside = { anonymous: 'sign in', exDelegate: 'unknown here' } as const

/** Anyone, signed in or not. */
const PUBLIC = everybody('shown')
/** What belongs to oneself, whatever one's role is: accesses and devices. */
const ANYONE_WITH_A_ROLE = everybody('shown', outside)
/** Both parents, each on the own family. */
const FAMILY = everybody('not found', { ...outside, holder: 'shown', delegate: 'shown', stranger: 'shown' })
/** The same, for something that belongs to one family: another one does not find it. */
const OWN_FAMILY = everybody('not found', { ...outside, holder: 'shown', delegate: 'shown' })
/** The holder only. */
const MONEY = everybody('not found', { ...outside, holder: 'shown', stranger: 'shown' })
const OWN_MONEY = everybody('not found', { ...outside, holder: 'shown' })
const OFFICE = everybody('not found', {
  ...outside,
  operator: 'shown',
  accountant: 'shown',
  manager: 'shown',
})
const MANAGER = everybody('not found', { ...outside, manager: 'shown' })
/** Who writes for the municipality. */
const CONTENT_OFFICE = everybody('not found', { ...outside, manager: 'shown', editor: 'shown' })
const CALENDAR_OFFICE = everybody('not found', { ...outside, operator: 'shown', manager: 'shown' })
/** Who decides what a meal costs. */
const TARIFF_OFFICE = everybody('not found', { ...outside, accountant: 'shown', manager: 'shown' })
const STAFF = { ...OFFICE, editor: 'shown' } as const
/** The front door of the office leads each role to its own first room. */
const ANY_STAFF = {
  ...STAFF,
  reader: 'shown',
  kitchen: 'shown',
  schoolOffice: 'shown',
  teacher: 'shown',
} as const
const FIGURES = { ...STAFF, reader: 'shown' } as const
const COUNTS = { ...OFFICE, kitchen: 'shown' } as const
/** A school office has the pupils of its own schools. */
const PUPILS = { ...OFFICE, schoolOffice: 'shown' } as const
const OWN_CLASSES = everybody('not found', { ...outside, schoolOffice: 'shown', teacher: 'shown' })
/** An address for programs: it sends no program to sign in. */
const asApi = (table: Record<Actor, Answer>, signedOut: Answer): Record<Actor, Answer> => ({
  ...table,
  anonymous: signedOut,
  exDelegate: signedOut,
})

type Row = { address: (cast: Facts) => string; answers: Record<Actor, Answer> }
type Facts = Cast & {
  receiptId: string
  topUpId: string
  invoiceId: string
  menuId: string
  dishId: string
  communicationId: string
  closureId: string
  importId: string
  day: string
  formId: string
  submissionId: string
  batchId: string
  linkId: string
  refundId: string
  transferId: string
  doubleId: string
  secondHouseholdId: string

  kitchenId: string
  sheetId: string
  documentId: string
  colleague: { personId: string; roleId: string }
}

const at = (address: (facts: Facts) => string, answers: Record<Actor, Answer>): Row => ({ address, answers })
const in_ = (tail: string, answers: Record<Actor, Answer>): Row =>
  at(({ municipality }) => `/${municipality.slug}${tail}`, answers)

const MATRIX: Record<string, Row[]> = {
  '/page.tsx': [at(() => '/', PUBLIC)],
  '/[comune]/page.tsx': [in_('', PUBLIC)],
  '/[comune]/accesso/page.tsx': [in_('/accesso', PUBLIC)],
  '/[comune]/accesso/errore/page.tsx': [in_('/accesso/errore?c=annullato', PUBLIC)],
  '/[comune]/(famiglia)/accesso/non-abilitato/page.tsx': [
    in_('/accesso/non-abilitato', everybody('shown', { anonymous: 'sign in' })),
  ],
  '/[comune]/(famiglia)/accesso/uscita/page.tsx': [in_('/accesso/uscita', PUBLIC)],
  '/[comune]/accesso/conferma/page.tsx': [in_('/accesso/conferma', ANYONE_WITH_A_ROLE)],
  // Without the cookie of a remembered device everybody goes on to the front door.
  '/[comune]/(famiglia)/accesso/dispositivo/page.tsx': [in_('/accesso/dispositivo', everybody('sign in'))],
  '/[comune]/(famiglia)/profilo/accessi/page.tsx': [in_('/profilo/accessi', ANYONE_WITH_A_ROLE)],
  '/[comune]/(famiglia)/profilo/accessi/ricorda/page.tsx': [
    in_('/profilo/accessi/ricorda', ANYONE_WITH_A_ROLE),
  ],
  '/[comune]/installa/page.tsx': [in_('/installa', PUBLIC)],
  '/api/senza-rete/route.ts': [at(() => '/api/senza-rete', PUBLIC)],
  '/app.webmanifest/route.ts': [at(() => '/app.webmanifest', PUBLIC)],
  '/[comune]/app.webmanifest/route.ts': [in_('/app.webmanifest', PUBLIC)],
  '/accesso/errore/page.tsx': [at(() => '/accesso/errore?c=annullato', PUBLIC)],
  '/[comune]/accessibilita/page.tsx': [in_('/accessibilita', PUBLIC)],
  '/[comune]/assistenza/page.tsx': [in_('/assistenza', PUBLIC)],
  '/[comune]/note-legali/page.tsx': [in_('/note-legali', PUBLIC)],
  '/[comune]/privacy/page.tsx': [in_('/privacy', PUBLIC)],
  '/[comune]/[...altrove]/page.tsx': [in_('/non-esiste', everybody('not found'))],
  '/[comune]/(famiglia)/altro/page.tsx': [in_('/altro', FAMILY)],
  '/[comune]/(famiglia)/oggi/page.tsx': [in_('/oggi', FAMILY)],
  '/[comune]/(famiglia)/menu-figli/page.tsx': [in_('/menu-figli', FAMILY)],
  '/[comune]/(famiglia)/profilo/calendario/page.tsx': [in_('/profilo/calendario', FAMILY)],
  '/[comune]/(famiglia)/servizi/page.tsx': [in_('/servizi', FAMILY)],
  '/[comune]/(famiglia)/comunicazioni/page.tsx': [in_('/comunicazioni', FAMILY)],
  '/[comune]/(famiglia)/comunicazioni/[id]/page.tsx': [
    at(
      ({ municipality, communicationId }) => `/${municipality.slug}/comunicazioni/${communicationId}`,
      OWN_FAMILY,
    ),
  ],
  '/api/[comune]/comunicazioni/[id]/pdf/route.ts': [
    at(
      ({ municipality, communicationId }) => `/api/${municipality.slug}/comunicazioni/${communicationId}/pdf`,
      OWN_FAMILY,
    ),
  ],
  '/admin/[comune]/comunicazioni/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/comunicazioni`, STAFF),
  ],
  '/admin/[comune]/comunicazioni/nuova/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/comunicazioni/nuova`, OFFICE),
  ],
  '/admin/[comune]/comunicazioni/[id]/page.tsx': [
    at(
      ({ municipality, communicationId }) => `/admin/${municipality.slug}/comunicazioni/${communicationId}`,
      STAFF,
    ),
  ],
  '/admin/[comune]/comunicazioni/[id]/anteprima/page.tsx': [
    at(
      ({ municipality, communicationId }) =>
        `/admin/${municipality.slug}/comunicazioni/${communicationId}/anteprima`,
      STAFF,
    ),
  ],
  '/admin/[comune]/comunicazioni/[id]/destinatari/page.tsx': [
    at(
      ({ municipality, communicationId }) =>
        `/admin/${municipality.slug}/comunicazioni/${communicationId}/destinatari`,
      OFFICE,
    ),
  ],
  '/admin/[comune]/comunicazioni/[id]/destinatari/file/[formato]/route.ts': [
    at(
      ({ municipality, communicationId }) =>
        `/admin/${municipality.slug}/comunicazioni/${communicationId}/destinatari/file/csv`,
      OFFICE,
    ),
  ],
  '/[comune]/(famiglia)/moduli/page.tsx': [in_('/moduli', MONEY)],
  '/[comune]/(famiglia)/moduli/[id]/page.tsx': [
    at(({ municipality, formId }) => `/${municipality.slug}/moduli/${formId}`, MONEY),
    in_('/moduli/non-esiste', everybody('not found', outside)),
  ],
  '/[comune]/(famiglia)/moduli/[id]/[passo]/page.tsx': [
    at(({ municipality, formId }) => `/${municipality.slug}/moduli/${formId}/figlio`, MONEY),
  ],
  // A recap is of one's own draft: the other family has none.
  '/[comune]/(famiglia)/moduli/[id]/riepilogo/page.tsx': [
    at(({ municipality, formId }) => `/${municipality.slug}/moduli/${formId}/riepilogo`, OWN_MONEY),
  ],
  '/[comune]/(famiglia)/moduli/domande/[id]/page.tsx': [
    at(({ municipality, submissionId }) => `/${municipality.slug}/moduli/domande/${submissionId}`, OWN_MONEY),
  ],
  '/api/[comune]/moduli/documenti/[id]/route.ts': [
    at(({ municipality, documentId }) => `/api/${municipality.slug}/moduli/documenti/${documentId}`, {
      ...OWN_MONEY,
      operator: 'shown',
      manager: 'shown',
    }),
  ],
  '/admin/[comune]/diete/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/diete`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/diete/nuova/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/diete/nuova`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/diete/codici/[codice]/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/diete/codici/D03`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/diete/alunni/[alunno]/page.tsx': [
    at(({ municipality, pupilId }) => `/admin/${municipality.slug}/diete/alunni/${pupilId}`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/pagamenti/fatture/[id]/page.tsx': [
    at(({ municipality, invoiceId }) => `/admin/${municipality.slug}/pagamenti/fatture/${invoiceId}`, OFFICE),
  ],
  '/admin/[comune]/famiglie/[householdId]/conto/page.tsx': [
    at(
      ({ municipality, household }) => `/admin/${municipality.slug}/famiglie/${household.householdId}/conto`,
      OFFICE,
    ),
  ],
  '/admin/[comune]/denaro/page.tsx': [at(({ municipality }) => `/admin/${municipality.slug}/denaro`, OFFICE)],
  '/admin/[comune]/denaro/[pagamento]/page.tsx': [
    at(({ municipality, topUpId }) => `/admin/${municipality.slug}/denaro/${topUpId}`, OFFICE),
  ],
  '/admin/[comune]/denaro/file/[formato]/route.ts': [
    at(({ municipality }) => `/admin/${municipality.slug}/denaro/file/csv`, OFFICE),
  ],
  '/admin/[comune]/pagamenti/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/pagamenti`, TARIFF_OFFICE),
  ],
  '/admin/[comune]/famiglie/pasti/[pupilId]/page.tsx': [
    at(
      ({ municipality, pupilId }) => `/admin/${municipality.slug}/famiglie/pasti/${pupilId}`,
      CALENDAR_OFFICE,
    ),
  ],
  '/admin/[comune]/famiglie/pasti/[pupilId]/anteprima/page.tsx': [
    at(
      ({ municipality, pupilId, day }) =>
        `/admin/${municipality.slug}/famiglie/pasti/${pupilId}/anteprima?azione=disdici&giorno=${day}`,
      CALENDAR_OFFICE,
    ),
  ],
  '/admin/[comune]/famiglie/pasti/[pupilId]/giorno/[day]/page.tsx': [
    at(
      ({ municipality, pupilId, day }) =>
        `/admin/${municipality.slug}/famiglie/pasti/${pupilId}/giorno/${day}`,
      OFFICE,
    ),
  ],
  '/admin/[comune]/famiglie/ricevute/[id]/page.tsx': [
    at(({ municipality, receiptId }) => `/admin/${municipality.slug}/famiglie/ricevute/${receiptId}`, OFFICE),
  ],
  '/api/[comune]/ufficio/pasti/route.ts': [
    at(
      ({ municipality, pupilId }) => `/api/${municipality.slug}/ufficio/pasti?figlio=${pupilId}`,
      asApi(CALENDAR_OFFICE, 'refused'),
    ),
  ],
  '/admin/[comune]/famiglie/doppi/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/famiglie/doppi`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/famiglie/doppi/[uno]/[altro]/page.tsx': [
    at(
      ({ municipality, pupilId, doubleId }) =>
        `/admin/${municipality.slug}/famiglie/doppi/${pupilId}/${doubleId}`,
      CALENDAR_OFFICE,
    ),
  ],
  '/admin/[comune]/famiglie/doppi/adulti/[uno]/[altro]/page.tsx': [
    at(
      ({ municipality, household, colleague }) =>
        `/admin/${municipality.slug}/famiglie/doppi/adulti/${household.holder.personId}/${colleague.personId}`,
      CALENDAR_OFFICE,
    ),
  ],
  '/admin/[comune]/famiglie/trasferimenti/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/famiglie/trasferimenti`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/famiglie/trasferimenti/[trasferimento]/page.tsx': [
    at(
      ({ municipality, transferId }) => `/admin/${municipality.slug}/famiglie/trasferimenti/${transferId}`,
      CALENDAR_OFFICE,
    ),
  ],
  '/admin/[comune]/famiglie/[householdId]/cancella/page.tsx': [
    at(
      ({ municipality, household }) =>
        `/admin/${municipality.slug}/famiglie/${household.householdId}/cancella`,
      MANAGER,
    ),
  ],
  '/admin/[comune]/famiglie/[householdId]/trasferimento/page.tsx': [
    at(
      ({ municipality, household }) =>
        `/admin/${municipality.slug}/famiglie/${household.householdId}/trasferimento`,
      CALENDAR_OFFICE,
    ),
  ],
  '/admin/[comune]/famiglie/doppi/famiglie/[uno]/[altro]/page.tsx': [
    at(
      ({ municipality, household, secondHouseholdId }) =>
        `/admin/${municipality.slug}/famiglie/doppi/famiglie/${household.householdId}/${secondHouseholdId}`,
      CALENDAR_OFFICE,
    ),
  ],
  '/admin/[comune]/rimborsi/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/rimborsi`, TARIFF_OFFICE),
  ],
  '/admin/[comune]/rimborsi/[caso]/page.tsx': [
    at(({ municipality, refundId }) => `/admin/${municipality.slug}/rimborsi/${refundId}`, TARIFF_OFFICE),
  ],
  '/admin/[comune]/rimborsi/file/[formato]/route.ts': [
    at(({ municipality }) => `/admin/${municipality.slug}/rimborsi/file/csv`, TARIFF_OFFICE),
  ],
  '/admin/[comune]/tariffe/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/tariffe`, TARIFF_OFFICE),
  ],
  '/admin/[comune]/tariffe/[servizio]/prezzo/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/tariffe/refezione/prezzo`, TARIFF_OFFICE),
    at(
      ({ municipality }) => `/admin/${municipality.slug}/tariffe/altro/prezzo`,
      everybody('not found', outside),
    ),
  ],
  '/admin/[comune]/tariffe/[servizio]/fasce/nuova/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/tariffe/refezione/fasce/nuova`, TARIFF_OFFICE),
  ],
  '/admin/[comune]/tariffe/[servizio]/fasce/[fascia]/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/tariffe/refezione/fasce/B`, TARIFF_OFFICE),
  ],
  '/admin/[comune]/tariffe/[servizio]/regola/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/tariffe/refezione/regola`, TARIFF_OFFICE),
  ],
  '/admin/[comune]/tariffe/[servizio]/alunni/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/tariffe/refezione/alunni`, TARIFF_OFFICE),
  ],
  '/admin/[comune]/tariffe/[servizio]/alunni/[alunno]/page.tsx': [
    at(
      ({ municipality, pupilId }) => `/admin/${municipality.slug}/tariffe/refezione/alunni/${pupilId}`,
      TARIFF_OFFICE,
    ),
  ],
  '/admin/[comune]/moduli/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/moduli`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/moduli/domande/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/moduli/domande`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/moduli/domande/file/[formato]/route.ts': [
    at(({ municipality }) => `/admin/${municipality.slug}/moduli/domande/file/csv`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/moduli/posti/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/moduli/posti`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/moduli/gruppi/[gruppo]/page.tsx': [
    at(
      ({ municipality, batchId }) => `/admin/${municipality.slug}/moduli/gruppi/${batchId}`,
      CALENDAR_OFFICE,
    ),
  ],
  '/admin/[comune]/moduli/collegamenti/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/moduli/collegamenti`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/moduli/collegamenti/[richiesta]/page.tsx': [
    at(
      ({ municipality, linkId }) => `/admin/${municipality.slug}/moduli/collegamenti/${linkId}`,
      CALENDAR_OFFICE,
    ),
  ],
  '/admin/[comune]/moduli/[id]/page.tsx': [
    at(({ municipality, formId }) => `/admin/${municipality.slug}/moduli/${formId}`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/moduli/[id]/parte/[parte]/page.tsx': [
    at(
      ({ municipality, formId }) => `/admin/${municipality.slug}/moduli/${formId}/parte/alunno`,
      CALENDAR_OFFICE,
    ),
  ],
  '/admin/[comune]/moduli/[id]/anteprima/page.tsx': [
    at(
      ({ municipality, formId }) => `/admin/${municipality.slug}/moduli/${formId}/anteprima`,
      CALENDAR_OFFICE,
    ),
  ],
  '/admin/[comune]/moduli/[id]/domande/page.tsx': [
    at(({ municipality, formId }) => `/admin/${municipality.slug}/moduli/${formId}/domande`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/moduli/[id]/domande/[domanda]/page.tsx': [
    at(
      ({ municipality, formId, submissionId }) =>
        `/admin/${municipality.slug}/moduli/${formId}/domande/${submissionId}`,
      CALENDAR_OFFICE,
    ),
  ],
  '/admin/[comune]/moduli/[id]/domande/csv/route.ts': [
    at(
      ({ municipality, formId }) => `/admin/${municipality.slug}/moduli/${formId}/domande/csv`,
      CALENDAR_OFFICE,
    ),
  ],
  '/[comune]/(famiglia)/questionari/page.tsx': [in_('/questionari', FAMILY)],
  '/[comune]/(famiglia)/prenotazioni/page.tsx': [
    in_('/prenotazioni', FAMILY),
    at(({ municipality, pupilId }) => `/${municipality.slug}/prenotazioni?figlio=${pupilId}`, OWN_FAMILY),
  ],
  '/[comune]/(famiglia)/prenotazioni/anteprima/page.tsx': [
    at(
      ({ municipality, pupilId, day }) =>
        `/${municipality.slug}/prenotazioni/anteprima?figlio=${pupilId}&giorno=${day}&azione=disdici`,
      OWN_FAMILY,
    ),
  ],
  '/[comune]/(famiglia)/prenotazioni/giorno/[day]/page.tsx': [
    at(
      ({ municipality, pupilId, day }) =>
        `/${municipality.slug}/prenotazioni/giorno/${day}?figlio=${pupilId}`,
      OWN_FAMILY,
    ),
  ],
  '/[comune]/(famiglia)/prenotazioni/ricevute/[id]/page.tsx': [
    at(
      ({ municipality, receiptId }) => `/${municipality.slug}/prenotazioni/ricevute/${receiptId}`,
      OWN_FAMILY,
    ),
  ],
  '/[comune]/(famiglia)/pagamenti/page.tsx': [in_('/pagamenti', MONEY)],
  '/[comune]/(famiglia)/pagamenti/movimenti/page.tsx': [in_('/pagamenti/movimenti', MONEY)],
  '/[comune]/(famiglia)/pagamenti/fatture/page.tsx': [in_('/pagamenti/fatture', MONEY)],
  '/[comune]/(famiglia)/pagamenti/fatture/[id]/page.tsx': [
    at(({ municipality, invoiceId }) => `/${municipality.slug}/pagamenti/fatture/${invoiceId}`, OWN_MONEY),
  ],
  '/[comune]/(famiglia)/pagamenti/spese/page.tsx': [in_('/pagamenti/spese', MONEY)],
  '/[comune]/(famiglia)/pagamenti/ricarica/page.tsx': [in_('/pagamenti/ricarica', MONEY)],
  '/[comune]/(famiglia)/pagamenti/ricarica/[topUpId]/page.tsx': [
    at(({ municipality, topUpId }) => `/${municipality.slug}/pagamenti/ricarica/${topUpId}`, OWN_MONEY),
  ],
  '/[comune]/(famiglia)/notifiche/page.tsx': [in_('/notifiche', FAMILY)],
  // Nobody's: an own one leads on, and who opens whose is in tests/data/notification-inbox.test.ts.
  '/[comune]/(famiglia)/notifiche/[id]/route.ts': [
    in_('/notifiche/00000000-0000-7000-8000-000000000000', everybody('not found', outside)),
  ],
  '/[comune]/(famiglia)/profilo/notifiche/page.tsx': [in_('/profilo/notifiche', FAMILY)],
  '/admin/[comune]/invii/page.tsx': [at(({ municipality }) => `/admin/${municipality.slug}/invii`, OFFICE)],
  '/admin/[comune]/invii/file/[formato]/route.ts': [
    at(({ municipality }) => `/admin/${municipality.slug}/invii/file/csv`, OFFICE),
    at(({ municipality }) => `/admin/${municipality.slug}/invii/file/xlsx`, OFFICE),
  ],
  '/admin/[comune]/invii/[id]/page.tsx': [
    at(
      ({ municipality }) => `/admin/${municipality.slug}/invii/00000000-0000-7000-8000-000000000000`,
      everybody('not found', { anonymous: 'sign in', exDelegate: 'unknown here' }),
    ),
  ],
  '/[comune]/(famiglia)/profilo/page.tsx': [in_('/profilo', FAMILY)],
  '/[comune]/(famiglia)/profilo/dati/page.tsx': [in_('/profilo/dati', FAMILY)],
  '/[comune]/(famiglia)/profilo/registro/page.tsx': [in_('/profilo/registro', FAMILY)],
  '/[comune]/(famiglia)/profilo/deleghe/page.tsx': [in_('/profilo/deleghe', FAMILY)],
  '/admin/[comune]/menu/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/menu`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/menu/nuovo/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/menu/nuovo`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/menu/[id]/page.tsx': [
    at(({ municipality, menuId }) => `/admin/${municipality.slug}/menu/${menuId}`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/menu/[id]/dati/page.tsx': [
    at(({ municipality, menuId }) => `/admin/${municipality.slug}/menu/${menuId}/dati`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/menu/[id]/sostituzioni/page.tsx': [
    at(
      ({ municipality, menuId }) => `/admin/${municipality.slug}/menu/${menuId}/sostituzioni`,
      CALENDAR_OFFICE,
    ),
  ],
  '/admin/[comune]/menu/[id]/importa/page.tsx': [
    at(({ municipality, menuId }) => `/admin/${municipality.slug}/menu/${menuId}/importa`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/menu/[id]/stampa/page.tsx': [
    at(({ municipality, menuId }) => `/admin/${municipality.slug}/menu/${menuId}/stampa`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/menu/piatti/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/menu/piatti`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/menu/piatti/nuovo/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/menu/piatti/nuovo`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/menu/piatti/[dishId]/page.tsx': [
    at(({ municipality, dishId }) => `/admin/${municipality.slug}/menu/piatti/${dishId}`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/menu/cambio/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/menu/cambio`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/menu/giudizi/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/menu/giudizi`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/menu/avanzi/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/menu/avanzi`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/menu/avanzi/csv/route.ts': [
    at(({ municipality }) => `/admin/${municipality.slug}/menu/avanzi/csv`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/famiglie/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/famiglie`, OFFICE),
  ],
  '/admin/[comune]/famiglie/[householdId]/page.tsx': [
    at(
      ({ municipality, household }) => `/admin/${municipality.slug}/famiglie/${household.householdId}`,
      OFFICE,
    ),
  ],
  '/admin/[comune]/importa/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/importa`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/importa/modello/route.ts': [
    at(({ municipality }) => `/admin/${municipality.slug}/importa/modello`, CALENDAR_OFFICE),
    at(({ municipality }) => `/admin/${municipality.slug}/importa/modello?formato=csv`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/importa/[id]/page.tsx': [
    at(({ municipality, importId }) => `/admin/${municipality.slug}/importa/${importId}`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/importa/[id]/errori/route.ts': [
    at(
      ({ municipality, importId }) => `/admin/${municipality.slug}/importa/${importId}/errori`,
      CALENDAR_OFFICE,
    ),
  ],
  '/admin/[comune]/importa/[id]/avanzamento/route.ts': [
    at(
      ({ municipality, importId }) => `/admin/${municipality.slug}/importa/${importId}/avanzamento`,
      asApi(CALENDAR_OFFICE, 'not found'),
    ),
  ],
  '/admin/[comune]/famiglie/nuova/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/famiglie/nuova`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/alunni/page.tsx': [at(({ municipality }) => `/admin/${municipality.slug}/alunni`, PUPILS)],
  '/admin/[comune]/alunni/file/[formato]/route.ts': [
    at(({ municipality }) => `/admin/${municipality.slug}/alunni/file/csv`, PUPILS),
    at(({ municipality }) => `/admin/${municipality.slug}/alunni/file/xlsx?stato=`, PUPILS),
    at(({ municipality }) => `/admin/${municipality.slug}/alunni/file/ods`, everybody('not found', outside)),
  ],
  '/admin/[comune]/famiglie/file/[formato]/route.ts': [
    at(({ municipality }) => `/admin/${municipality.slug}/famiglie/file/xlsx`, OFFICE),
  ],
  '/admin/[comune]/famiglie/classi/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/famiglie/classi`, CALENDAR_OFFICE),
    at(
      ({ municipality }) =>
        `/admin/${municipality.slug}/famiglie/classi?classe=${municipality.school.classId}&servizio=${municipality.serviceId}`,
      CALENDAR_OFFICE,
    ),
  ],
  '/admin/[comune]/famiglie/passaggio/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/famiglie/passaggio`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/famiglie/passaggio/alunni/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/famiglie/passaggio/alunni`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/famiglie/[householdId]/alunni/nuovo/page.tsx': [
    at(
      ({ municipality, household }) =>
        `/admin/${municipality.slug}/famiglie/${household.householdId}/alunni/nuovo`,
      CALENDAR_OFFICE,
    ),
  ],
  // A pupil whose enrolments the office has not changed has nothing to undo; `registry` walks it.
  '/admin/[comune]/famiglie/[householdId]/alunni/[pupilId]/annulla/page.tsx': [
    at(
      ({ municipality, household, pupilId }) =>
        `/admin/${municipality.slug}/famiglie/${household.householdId}/alunni/${pupilId}/annulla`,
      everybody('not found', outside),
    ),
  ],
  '/admin/[comune]/famiglie/[householdId]/alunni/[pupilId]/fine/page.tsx': [
    at(
      ({ municipality, household, pupilId }) =>
        `/admin/${municipality.slug}/famiglie/${household.householdId}/alunni/${pupilId}/fine`,
      CALENDAR_OFFICE,
    ),
  ],
  '/admin/[comune]/famiglie/[householdId]/alunni/[pupilId]/giorni/page.tsx': [
    at(
      ({ municipality, household, pupilId }) =>
        `/admin/${municipality.slug}/famiglie/${household.householdId}/alunni/${pupilId}/giorni`,
      CALENDAR_OFFICE,
    ),
  ],
  '/admin/[comune]/famiglie/[householdId]/alunni/[pupilId]/pasti/page.tsx': [
    at(
      ({ municipality, household, pupilId }) =>
        `/admin/${municipality.slug}/famiglie/${household.householdId}/alunni/${pupilId}/pasti`,
      CALENDAR_OFFICE,
    ),
  ],
  '/admin/[comune]/famiglie/[householdId]/vista/page.tsx': [
    at(
      ({ municipality, household }) => `/admin/${municipality.slug}/famiglie/${household.householdId}/vista`,
      CALENDAR_OFFICE,
    ),
  ],
  '/admin/[comune]/famiglie/[householdId]/intestatario/page.tsx': [
    at(
      ({ municipality, household }) =>
        `/admin/${municipality.slug}/famiglie/${household.householdId}/intestatario`,
      OFFICE,
    ),
  ],
  '/admin/[comune]/famiglie/[householdId]/persone/[personId]/page.tsx': [
    at(
      ({ municipality, household }) =>
        `/admin/${municipality.slug}/famiglie/${household.householdId}/persone/${household.holder.personId}`,
      CALENDAR_OFFICE,
    ),
  ],
  '/admin/[comune]/famiglie/[householdId]/alunni/[pupilId]/page.tsx': [
    at(
      ({ municipality, household, pupilId }) =>
        `/admin/${municipality.slug}/famiglie/${household.householdId}/alunni/${pupilId}`,
      CALENDAR_OFFICE,
    ),
  ],
  '/admin/[comune]/classi/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/classi`, OWN_CLASSES),
  ],
  '/admin/[comune]/colleghi/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/colleghi`, MANAGER),
  ],
  '/admin/[comune]/colleghi/file/[formato]/route.ts': [
    at(({ municipality }) => `/admin/${municipality.slug}/colleghi/file/csv`, MANAGER),
  ],
  '/admin/[comune]/colleghi/nuovo/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/colleghi/nuovo`, MANAGER),
  ],
  '/admin/[comune]/colleghi/[persona]/page.tsx': [
    at(
      ({ municipality, colleague }) => `/admin/${municipality.slug}/colleghi/${colleague.personId}`,
      MANAGER,
    ),
    at(
      ({ municipality, pupilId }) => `/admin/${municipality.slug}/colleghi/${pupilId}`,
      everybody('not found', outside),
    ),
  ],
  '/admin/[comune]/colleghi/[persona]/ruoli/[ruolo]/page.tsx': [
    at(
      ({ municipality, colleague: { personId, roleId } }) =>
        `/admin/${municipality.slug}/colleghi/${personId}/ruoli/${roleId}`,
      MANAGER,
    ),
  ],
  '/admin/[comune]/oggi/page.tsx': [at(({ municipality }) => `/admin/${municipality.slug}/oggi`, STAFF)],
  '/admin/[comune]/avvisi/page.tsx': [at(({ municipality }) => `/admin/${municipality.slug}/avvisi`, STAFF)],
  '/admin/[comune]/registro/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/registro`, CALENDAR_OFFICE),
    at(
      ({ municipality, household }) =>
        `/admin/${municipality.slug}/registro?famiglia=${household.householdId}`,
      CALENDAR_OFFICE,
    ),
  ],
  '/admin/[comune]/registro/csv/route.ts': [
    at(({ municipality }) => `/admin/${municipality.slug}/registro/csv`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/registro/consegna/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/registro/consegna`, MANAGER),
  ],
  '/admin/[comune]/registro/conservazione/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/registro/conservazione`, MANAGER),
  ],
  '/api/[comune]/miei-dati/route.ts': [
    at(({ municipality }) => `/api/${municipality.slug}/miei-dati?formato=json`, FAMILY),
  ],
  '/api/[comune]/registro.csv/route.ts': [
    at(
      ({ municipality }) =>
        `/api/${municipality.slug}/registro.csv?dal=2026-11-01&al=2026-11-23&motivo=prova`,
      MANAGER,
    ),
  ],
  '/.well-known/security.txt/route.ts': [at(() => '/.well-known/security.txt', PUBLIC)],
  '/[comune]/servizio/page.tsx': [in_('/servizio', PUBLIC)],
  '/[comune]/notizie/page.tsx': [in_('/notizie', PUBLIC)],
  '/[comune]/notizie/feed.xml/route.ts': [in_('/notizie/feed.xml', PUBLIC)],
  '/[comune]/documenti/page.tsx': [in_('/documenti', PUBLIC)],
  '/[comune]/documenti/feed.xml/route.ts': [in_('/documenti/feed.xml', PUBLIC)],
  '/[comune]/menu/page.tsx': [in_('/menu', PUBLIC)],
  '/[comune]/menu/rotazione/page.tsx': [in_('/menu/rotazione', PUBLIC)],
  '/[comune]/menu.json/route.ts': [in_('/menu.json', PUBLIC)],
  '/[comune]/menu.csv/route.ts': [in_('/menu.csv', PUBLIC)],
  '/[comune]/dati/page.tsx': [in_('/dati', PUBLIC)],
  '/[comune]/dati.json/route.ts': [in_('/dati.json', PUBLIC)],
  '/[comune]/dati.csv/route.ts': [in_('/dati.csv', PUBLIC)],
  '/admin/[comune]/cerca/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/cerca`, ANY_STAFF),
    at(({ municipality }) => `/admin/${municipality.slug}/cerca?q=Conti`, ANY_STAFF),
  ],
  '/admin/[comune]/cerca/trovati/route.ts': [
    at(
      ({ municipality }) => `/admin/${municipality.slug}/cerca/trovati?q=Conti`,
      asApi(ANY_STAFF, 'not found'),
    ),
  ],
  '/admin/[comune]/altro/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/altro`, ANY_STAFF),
  ],
  '/admin/[comune]/questionari/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/questionari`, {
      ...CALENDAR_OFFICE,
      editor: 'shown',
    }),
  ],
  '/admin/[comune]/questionari/nuovo/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/questionari/nuovo`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/notizie/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/notizie`, CONTENT_OFFICE),
  ],
  '/admin/[comune]/notizie/nuovo/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/notizie/nuovo`, CONTENT_OFFICE),
  ],
  '/admin/[comune]/documenti/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/documenti`, CONTENT_OFFICE),
  ],
  '/admin/[comune]/documenti/nuovo/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/documenti/nuovo`, CONTENT_OFFICE),
  ],
  '/admin/[comune]/impostazioni/esportazione/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/impostazioni/esportazione`, MANAGER),
  ],
  '/admin/[comune]/impostazioni/esportazione/comune/route.ts': [
    at(({ municipality }) => `/admin/${municipality.slug}/impostazioni/esportazione/comune`, MANAGER),
  ],
  '/admin/[comune]/impostazioni/gestore/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/impostazioni/gestore`, TARIFF_OFFICE),
  ],
  '/admin/[comune]/impostazioni/avvio/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/impostazioni/avvio`, MANAGER),
  ],
  '/admin/[comune]/impostazioni/scuole/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/impostazioni/scuole`, MANAGER),
  ],
  '/admin/[comune]/impostazioni/scuole/nuova/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/impostazioni/scuole/nuova`, MANAGER),
  ],
  '/admin/[comune]/impostazioni/servizi/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/impostazioni/servizi`, MANAGER),
  ],
  '/admin/[comune]/impostazioni/servizi/nuovo/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/impostazioni/servizi/nuovo`, MANAGER),
  ],
  '/admin/[comune]/impostazioni/servizi/[servizio]/page.tsx': [
    at(
      ({ municipality }) => `/admin/${municipality.slug}/impostazioni/servizi/${municipality.serviceId}`,
      MANAGER,
    ),
  ],
  '/admin/[comune]/impostazioni/cucine/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/impostazioni/cucine`, MANAGER),
  ],
  '/admin/[comune]/impostazioni/cucine/nuova/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/impostazioni/cucine/nuova`, MANAGER),
  ],
  '/admin/[comune]/impostazioni/cucine/[cucina]/page.tsx': [
    at(
      ({ municipality, kitchenId }) => `/admin/${municipality.slug}/impostazioni/cucine/${kitchenId}`,
      MANAGER,
    ),
  ],
  '/admin/[comune]/impostazioni/anni/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/impostazioni/anni`, MANAGER),
  ],
  '/admin/[comune]/impostazioni/scuole/[scuola]/page.tsx': [
    at(
      ({ municipality }) => `/admin/${municipality.slug}/impostazioni/scuole/${municipality.school.id}`,
      MANAGER,
    ),
  ],
  '/admin/[comune]/impostazioni/scuole/classi/[classe]/page.tsx': [
    at(
      ({ municipality }) =>
        `/admin/${municipality.slug}/impostazioni/scuole/classi/${municipality.school.classId}`,
      MANAGER,
    ),
  ],
  '/admin/[comune]/impostazioni/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/impostazioni`, CONTENT_OFFICE),
  ],
  '/admin/[comune]/numeri/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/numeri`, FIGURES),
  ],
  '/admin/[comune]/numeri/csv/route.ts': [
    at(({ municipality }) => `/admin/${municipality.slug}/numeri/csv`, FIGURES),
  ],
  '/admin/[comune]/page.tsx': [at(({ municipality }) => `/admin/${municipality.slug}`, ANY_STAFF)],
  '/admin/[comune]/conteggi/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/conteggi`, COUNTS),
  ],
  '/admin/[comune]/calendario/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/calendario`, CALENDAR_OFFICE),
  ],
  '/admin/[comune]/calendario/annulla/page.tsx': [
    at(
      ({ municipality, closureId }) => `/admin/${municipality.slug}/calendario/annulla?chiusura=${closureId}`,
      CALENDAR_OFFICE,
    ),
  ],
  '/admin/[comune]/[...altrove]/page.tsx': [
    at(({ municipality }) => `/admin/${municipality.slug}/non-esiste`, everybody('not found')),
  ],
  '/admin/[comune]/conteggi/banco/page.tsx': [
    at(
      ({ municipality, day }) =>
        `/admin/${municipality.slug}/conteggi/banco?giorno=${day}&scuola=${municipality.school.id}`,
      CALENDAR_OFFICE,
    ),
  ],
  '/admin/[comune]/conteggi/banco/[scuola]/[formato]/route.ts': [
    at(
      ({ municipality, day }) =>
        `/admin/${municipality.slug}/conteggi/banco/${municipality.school.id}/etichette?giorno=${day}`,
      CALENDAR_OFFICE,
    ),
  ],
  '/admin/[comune]/conteggi/foglio/[foglio]/[formato]/route.ts': [
    at(({ municipality, sheetId }) => `/admin/${municipality.slug}/conteggi/foglio/${sheetId}/csv`, OFFICE),
  ],
  '/admin/[comune]/conteggi/csv/route.ts': [
    at(({ municipality, day }) => `/admin/${municipality.slug}/conteggi/csv?giorno=${day}`, COUNTS),
  ],
  '/admin/[comune]/conteggi/novita/route.ts': [
    at(
      ({ municipality, day }) => `/admin/${municipality.slug}/conteggi/novita?giorno=${day}`,
      asApi(COUNTS, 'not found'),
    ),
  ],
  'lib/meals/meal-change.http.ts': [
    at(
      ({ municipality, pupilId }) => `/api/${municipality.slug}/prenotazioni?figlio=${pupilId}`,
      asApi(OWN_FAMILY, 'refused'),
    ),
  ],
  '/api/[comune]/movimenti.csv/route.ts': [
    at(({ municipality }) => `/api/${municipality.slug}/movimenti.csv`, MONEY),
  ],
  '/api/[comune]/fatture/[id]/[formato]/route.ts': [
    at(({ municipality, invoiceId }) => `/api/${municipality.slug}/fatture/${invoiceId}/pdf`, OWN_MONEY),
    at(({ municipality, invoiceId }) => `/api/${municipality.slug}/fatture/${invoiceId}/xml`, OWN_MONEY),
  ],
  '/api/health/route.ts': [at(() => '/api/health', PUBLIC)],
  '/api/live/route.ts': [at(() => '/api/live', PUBLIC)],
  '/api/ready/route.ts': [at(() => '/api/ready', PUBLIC)],
}

/**
 * With their own, larger proofs: sign-in, remembered devices, invitations, the provider's notifications, news and documents
 * by their state and their office, meals to rate, calendars by their secret address (tests/actions, tests/data, tests/faults, tests/e2e).
 */
const PROVED_ELSEWHERE = [
  '/[comune]/(famiglia)/questionari/[id]/page.tsx',
  '/admin/[comune]/questionari/[id]/page.tsx',
  '/admin/[comune]/questionari/[id]/anteprima/page.tsx',
  '/admin/[comune]/questionari/[id]/csv/route.ts',
  '/api/auth/[...nextauth]/route.ts',
  '/[comune]/notizie/[slug]/page.tsx',
  '/[comune]/documenti/[slug]/page.tsx',
  '/[comune]/allegati/[id]/[nome]/route.ts',
  '/admin/[comune]/notizie/[id]/page.tsx',
  '/admin/[comune]/notizie/[id]/anteprima/page.tsx',
  '/admin/[comune]/documenti/[id]/page.tsx',
  '/admin/[comune]/documenti/[id]/anteprima/page.tsx',
  '/[comune]/(famiglia)/invito/[token]/page.tsx',
  '/api/dispositivo/[...atto]/route.ts',
  '/api/dispositivo/notifiche/route.ts',
  '/api/[comune]/vista/route.ts',
  '/api/calendario/[file]/route.ts',
  '/[comune]/(famiglia)/menu-figli/giudizio/page.tsx',
  '/api/pagamenti/nexi/[key]/route.ts',
  '/admin/page.tsx',
]

let app: App
let facts: Facts

beforeAll(async () => {
  app = await startApp({ worker: false })
  // As where a worker runs: without its heartbeat the monitor reads that it is missing.
  await sql`insert into heartbeat select 'worker', generate_series(date_trunc('minute', clock_timestamp()), clock_timestamp() + interval '2 hours', '1 minute')`.execute(
    app.db.owner,
  )
  const day = nextWeekday()
  const cast = await aCast(day)
  await beginYearOf(cast, day)
  const { municipalityId } = cast.municipality
  const receipt = await changeMeals(cast.household.holderViewer, {
    action: 'cancel',
    pupilIds: [cast.pupilId],
    days: [day],
    idempotencyKey: crypto.randomUUID(),
    channel: 'web',
  })
  if (!receipt.ok) throw new Error(receipt.code)
  const band = await createBand(await aStaffViewer(cast.municipality, 'accountant'), {
    serviceId: cast.municipality.serviceId,
    code: 'B',
    words: { name: 'Fascia B', description: '' },
    cents: 320,
    from: day,
    note: '',
  })
  if (!band.ok) throw new Error(band.code)
  const topUpId = await aTopUp(cast.municipality, cast.household)
  const { invoiceId } = await asSystem(municipalityId, async (trx) => {
    await markPaid(trx, cast.municipality, topUpId)
    return issueInvoice(trx, municipalityId, topUpId)
  })
  const { menuId, dishId } = await aPublishedMenu(cast.municipality)
  const { id: communicationId } = await aCommunication(cast.municipality, {
    audience: { to: 'households', ids: [cast.household.householdId], inDebt: false },
  })
  facts = {
    ...cast,
    ...{ day, receiptId: receipt.value.receiptId, topUpId, invoiceId },
    ...{ menuId, dishId, communicationId, closureId: await aStrike(cast) },
    ...(await formsOf(cast)),
    linkId: await aLinkRequest(cast),
    refundId: await aRefundCase(cast),
    transferId: await aTransfer(cast),
    doubleId: await aPupil(cast.municipality, cast.household.householdId),
    secondHouseholdId: (await aHousehold(cast.municipality)).householdId,

    ...(await aKitchen(cast, day)),
    importId: await sent(
      await aStaffViewer(cast.municipality, 'manager'),
      'Cognome;Nome;Codice fiscale\nRossi;Ada;\n',
    ),
    colleague: await aColleague(cast),
  }
}, 180_000)

/** Moves the school year of these people to the one of a day, and the service with it: whatever the date, the year goes on. */
async function beginYearOf({ municipality: { municipalityId } }: Cast, day: string): Promise<void> {
  const first = Number(day.slice(0, 4)) - (day.slice(5) < '09-01' ? 1 : 0)
  const year = { starts_on: `${first}-09-01`, ends_on: `${first + 1}-08-31` }
  const { owner } = app.db
  await owner
    .updateTable('school_year')
    .set({ ...year, name: `${first}/${first + 1}` })
    .where('municipality_id', '=', municipalityId)
    .execute()
  await owner
    .updateTable('service_schedule')
    .set(year)
    .where('municipality_id', '=', municipalityId)
    .execute()
}

/** A family that left with a credit. */
async function aRefundCase({ municipality, household }: Cast): Promise<string> {
  const { municipalityId, serviceId } = municipality
  const { personId } = await aStaffViewer(municipality, 'manager')
  const { owner } = app.db
  const { id } = await owner
    .insertInto('refund_case')
    .values({
      ...{ municipality_id: municipalityId, account_id: household.accountId, service_id: serviceId },
      ...{ household_id: household.householdId, cause: 'ended', left_on: '2026-09-30', opened_cents: 540 },
      opened_by: personId,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Pupils whom another municipality hands over. */
async function aTransfer({ municipality: { municipalityId } }: Cast): Promise<string> {
  const adult = { fiscalCode: 'CNTLRA85E57H501Y', givenName: 'Laura', familyName: 'Conti', birthDay: null }
  const { owner } = app.db
  const other = await owner
    .selectFrom('municipality')
    .select('id')
    .where('id', '<>', municipalityId)
    .executeTakeFirstOrThrow()
  const { id } = await owner
    .insertInto('arriving_transfer')
    .values({
      ...{ municipality_id: municipalityId, id: crypto.randomUUID(), from_municipality_id: other.id },
      last_day: '2026-11-27',
      content: JSON.stringify({
        ...{
          householdName: 'Conti',
          holder: { ...adult, email: null, phone: null },
          delegate: null,
          pupils: [],
        },
      }),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** A person whom the municipality does not know asks to be linked to a child. */
async function aLinkRequest({ municipality: { municipalityId } }: Cast): Promise<string> {
  const born = { given_name: 'Nadia', family_name: 'Ferri', birth_date: '1985-04-03' }
  const { id } = await asSystem(municipalityId, async (trx) => {
    const citizen = await trx
      .insertInto('citizen')
      .values({ ...born, fiscal_code_hash: randomBytes(32) })
      .returning('id')
      .executeTakeFirstOrThrow()
    return trx
      .insertInto('link_request')
      .values({
        ...born,
        municipality_id: municipalityId,
        citizen_id: citizen.id,
        fiscal_code: '12345678903',
        child_given_name: 'Greta',
        child_family_name: 'Albertini',
      })
      .returning('id')
      .executeTakeFirstOrThrow()
  })
  return id
}

/** A kitchen, which the cook works for, and the first sheet that it got. */
async function aKitchen(
  { municipality: { municipalityId } }: Cast,
  day: string,
): Promise<{ kitchenId: string; sheetId: string }> {
  const words = { name: 'Centro cottura', emails: ['cucina@esempio.it'], phone: '' }
  return asSystem(municipalityId, async (trx) => {
    const kitchenId = await insertKitchen(trx, municipalityId, words, null)
    const sheet = await trx
      .insertInto('count_sheet')
      .values({ municipality_id: municipalityId, kitchen_id: kitchenId, day, number: 1 })
      .returning('id')
      .executeTakeFirstOrThrow()
    return { kitchenId, sheetId: sheet.id }
  })
}

/** A closure in force, on a day without meals. */
async function aStrike({ municipality: { municipalityId, serviceId } }: Cast): Promise<string> {
  const { id } = await asSystem(municipalityId, (trx) =>
    trx
      .insertInto('closure')
      .values({
        ...{ municipality_id: municipalityId, service_id: serviceId },
        ...{ day: '2030-01-01', kind: 'strike', reason: 'Sciopero' },
      })
      .returning('id')
      .executeTakeFirstOrThrow(),
  )
  return id
}

/** A person of the office, with the role that they have. */
async function aColleague({ municipality }: Cast): Promise<Facts['colleague']> {
  const { personId, municipalityId } = await aStaffViewer(municipality, 'operator')
  const role = await asSystem(municipalityId, (trx) =>
    trx
      .selectFrom('staff_member')
      .select('id')
      .where('municipality_id', '=', municipalityId)
      .where('person_id', '=', personId)
      .executeTakeFirstOrThrow(),
  )
  return { personId, roleId: role.id }
}

/** A form with a draft, a request and its document, all of the one family. */
async function formsOf(cast: Cast) {
  const formId = await aForm(await aStaffViewer(cast.municipality, 'operator'), 'diet')
  const submissionId = await send(cast.household, formId, healthDiet(cast.pupilId))
  await fill(cast.household, formId, { figlio: { alunno: cast.pupilId, motivo: 'etica' } })
  const sent = await ownSubmission(cast.household.holderViewer, submissionId)
  const batch = await prepareBatch(await aStaffViewer(cast.municipality, 'operator'), {
    ...{ kind: 'accept', which: [submissionId], classId: null, words: '', dueOn: null },
  })
  if (!batch.ok) throw new Error(batch.code)
  return { formId, submissionId, batchId: batch.value.id, documentId: sent?.documents[0]?.id ?? '' }
}

/** A weekday far enough to be open, whatever the hour. */
function nextWeekday(): string {
  const date = new Date(Date.now() + 2 * 86_400_000)
  while ([0, 6].includes(date.getUTCDay())) date.setUTCDate(date.getUTCDate() + 1)
  return date.toISOString().slice(0, 10)
}

/** Addresses for some people only whose answer a browser or a proxy might keep and give to another person. */
const keepable = new Set<string>()

async function ask(address: string, actor: Actor, isPersonal: boolean): Promise<Answer | string> {
  const response = await fetch(app.origin + address, {
    headers: { cookie: facts.cookies[actor], 'accept-language': 'it' },
    redirect: 'manual',
  })
  const body = await response.text()
  if (isPersonal && !response.headers.get('cache-control')?.includes('no-store'))
    keepable.add(`${address} ${actor} ${response.status}`)
  const location = response.headers.get('location') ?? ''
  if (location.includes('/accesso/non-abilitato')) return 'unknown here'
  if (location.includes('/accesso')) return 'sign in'
  if (response.status === 404) return 'not found'
  if (response.status === 401 || response.status === 403) return 'refused'
  // A redirect inside the same area (the front door of /admin) is followed by its own row.
  if (response.status === 200 || (response.status >= 300 && response.status < 400)) return 'shown'
  return `${response.status} ${body.slice(0, 80)}`
}

describe('the portal', () => {
  for (const [route, rows] of Object.entries(MATRIX)) {
    for (const [n, row] of rows.entries()) {
      test(`shows ${route} to those of its row and to no other${rows.length > 1 ? ` (${n + 1})` : ''}`, async () => {
        const address = row.address(facts)
        const answers: Record<string, string> = {}
        const isPersonal = row.answers.anonymous !== 'shown'
        for (const actor of ACTORS) answers[actor] = await ask(address, actor, isPersonal)
        expect(answers).toEqual(row.answers)
      })
    }
  }

  test('forbids browsers and proxies to keep an answer that is not public, "not found" included', () => {
    expect([...keepable]).toEqual([])
  })
})

/** Parameters that choose from a list of words; what JavaScript keeps in every object must not be found in any list. */
const CHOICES = [
  'c',
  'esito',
  'fatto',
  'metodo',
  'portata',
  'rispediti',
  'stato',
  'tipo',
  'versione',
  'vista',
]

describe('a word that only JavaScript knows, in every parameter that chooses,', () => {
  const pages = Object.entries(MATRIX).filter(([route]) => route.endsWith('/page.tsx'))
  test.each(pages)('does not break %s', async (_route, rows) => {
    for (const row of rows) {
      const actor = ACTORS.find((one) => row.answers[one] === 'shown')
      if (!actor) continue
      for (const word of ['__proto__', 'constructor']) {
        const address = new URL(row.address(facts), app.origin)
        for (const name of CHOICES) address.searchParams.set(name, word)
        expect(['shown', 'not found', 'sign in']).toContain(
          await ask(address.pathname + address.search, actor, false),
        )
      }
    }
  })
})

test('F3 a file or a notification that is opened without a session leads to the sign-in, and back to itself', async () => {
  const opened = Object.entries(MATRIX)
    .filter(([route]) => route.endsWith('/route.ts'))
    .flatMap(([, rows]) => rows.filter(({ answers }) => answers.anonymous === 'sign in'))
    .map(({ address }) => address(facts))
  expect(opened.length).toBeGreaterThan(10)
  for (const address of opened) {
    const response = await fetch(app.origin + address, { redirect: 'manual' })
    const { pathname, searchParams } = new URL(response.headers.get('location') ?? '', app.origin)
    expect([pathname, searchParams.get('ritorno')]).toEqual([`/${facts.municipality.slug}/accesso`, address])
  }
})

describe('the table is complete', () => {
  test('every page and every address has its row', () => {
    const routes = [...appFiles(), ...filesBeforeNext()]
    const known = new Set([...Object.keys(MATRIX), ...PROVED_ELSEWHERE])
    expect(routes.filter((route) => !known.has(route))).toEqual([])
    expect([...known].filter((route) => !routes.includes(route))).toEqual([])
  })
})
