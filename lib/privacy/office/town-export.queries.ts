import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { ExportFile, ExportValue } from './town-export.ts'

/** A row, with the key after which the next batch begins. */
export type ExportRow = Readonly<Record<string, ExportValue>> & { key: string }

type Batch = { municipalityId: string; asOf: Date; after: string; most: number }
type Reader = (batch: Batch) => RawBuilder<ExportRow>

/** Rows of a batch, or pupils and families whose rows are one. */
const BATCH = 2_000
/** Before the first key. */
const FIRST = '00000000-0000-0000-0000-000000000000'

/**
 * What a batch of each file reads. Ids are the keys; what has none is read whole, once. What is written once and never changed comes up
 * to the instant of the export, so that balances are the sums of the movements beside them also while the portal runs.
 */
const READERS: Readonly<Record<ExportFile, Reader>> = {
  'comune.csv': ({ municipalityId, asOf, after }) => sql<ExportRow>`
    select t.id::text as key, t.id::text, t.name as nome, t.province as provincia, t.fiscal_code as codice_fiscale,
      t.street as indirizzo, t.postcode as cap, t.email, t.pec, t.phone as telefono, ${asOf}::timestamptz as esportato_il
    from municipality t where t.id = ${municipalityId} and t.id > ${after}::uuid`,
  'anni.csv': ({ municipalityId, after, most }) => sql<ExportRow>`
    select y.id::text as key, y.id::text, y.name as nome, y.starts_on as dal, y.ends_on as al
    from school_year y where y.municipality_id = ${municipalityId} and y.id > ${after}::uuid order by y.id limit ${most}`,
  'scuole.csv': ({ municipalityId, after, most }) => sql<ExportRow>`
    select s.id::text as key, s.id::text, s.name as nome, s.kind as ordine, s.street as indirizzo,
      s.mechanographic_code as codice_meccanografico, s.valid_to as fino_al
    from school s where s.municipality_id = ${municipalityId} and s.id > ${after}::uuid order by s.id limit ${most}`,
  'classi.csv': ({ municipalityId, after, most }) => sql<ExportRow>`
    select c.id::text as key, c.id::text, c.school_id::text as scuola_id, c.school_year_id::text as anno_id, c.name as nome,
      c.valid_to as fino_al, q.places as posti
    from school_class c left join class_places q on q.municipality_id = ${municipalityId} and q.school_class_id = c.id
    where c.municipality_id = ${municipalityId} and c.id > ${after}::uuid order by c.id limit ${most}`,
  'servizi.csv': ({ municipalityId, after, most }) => sql<ExportRow>`
    select v.id::text as key, v.id::text, v.code as codice, v.name as nome, v.active as attivo, v.valid_to as fino_al,
      v.is_cooked as cucinato
    from service v where v.municipality_id = ${municipalityId} and v.id > ${after}::uuid order by v.id limit ${most}`,
  'chi_disdice.csv': ({ municipalityId, after }) => sql<ExportRow>`
    select ${FIRST} as key, r.service_id::text as servizio_id, r.valid_from as dal,
      case r.cancelled_by when 'holder' then 'pagante' else 'tutti' end as chi
    from service_rule r where r.municipality_id = ${municipalityId} and ${after} = ${FIRST} order by r.service_id, r.valid_from`,
  'orari.csv': ({ municipalityId, after }) => sql<ExportRow>`
    select ${FIRST} as key, h.service_id::text as servizio_id, h.school_id::text as scuola_id, h.school_year_id::text as anno_id,
      array_to_string(h.weekdays, ' ') as giorni, to_char(h.cutoff_time, 'HH24:MI') as termine,
      h.cutoff_days_before as giorni_prima, h.starts_on as dal, h.ends_on as al, h.next_from as nuovi_dal,
      coalesce(array_to_string(h.next_weekdays, ' '), '') as nuovi_giorni,
      coalesce(to_char(h.next_cutoff_time, 'HH24:MI'), '') as nuovo_termine, h.next_cutoff_days_before as nuovi_giorni_prima
    from service_schedule h where h.municipality_id = ${municipalityId} and ${after} = ${FIRST}
    order by h.service_id, h.school_id, h.school_year_id`,
  'cucine.csv': ({ municipalityId, after, most }) => sql<ExportRow>`
    select k.id::text as key, k.id::text, k.name as nome, array_to_string(k.emails, ' ') as email, k.phone as telefono
    from kitchen k where k.municipality_id = ${municipalityId} and k.id > ${after}::uuid order by k.id limit ${most}`,
  'cucine_scuole.csv': ({ municipalityId, after }) => sql<ExportRow>`
    select ${FIRST} as key, q.school_id::text as scuola_id, q.kitchen_id::text as cucina_id, q.valid_from as dal
    from kitchen_school q where q.municipality_id = ${municipalityId} and ${after} = ${FIRST} order by q.school_id, q.valid_from`,
  'chiusure.csv': ({ municipalityId, after, most }) => sql<ExportRow>`
    select c.id::text as key, c.id::text, c.service_id::text as servizio_id, c.school_id::text as scuola_id, c.day as giorno,
      c.kind as tipo, c.reason as motivo
    from closure c where c.municipality_id = ${municipalityId} and c.undone_at is null and c.id > ${after}::uuid
    order by c.id limit ${most}`,
  'prezzi.csv': ({ municipalityId, after }) => sql<ExportRow>`
    select ${FIRST} as key, p.service_id::text as servizio_id, '' as fascia, p.valid_from as dal, p.price_cents as prezzo,
      p.note as nota
    from meal_price p where p.municipality_id = ${municipalityId} and ${after} = ${FIRST}
    union all
    select ${FIRST} as key, p.service_id::text, p.code, p.valid_from, p.price_cents, p.note
    from fare_band_price p where p.municipality_id = ${municipalityId} and ${after} = ${FIRST}
    order by 2, 3, 4`,
  'fasce.csv': ({ municipalityId, after }) => sql<ExportRow>`
    select ${FIRST} as key, b.service_id::text as servizio_id, b.code as codice, b.name as nome, b.description as descrizione
    from fare_band b where b.municipality_id = ${municipalityId} and ${after} = ${FIRST} order by b.service_id, b.code`,
  'diete.csv': ({ municipalityId, after }) => sql<ExportRow>`
    select ${FIRST} as key, d.code as codice, d.name as nome, d.legend as legenda,
      array_to_string(d.allergens, ' ') as allergeni, array_to_string(d.parts, ' ') as unisce, d.valid_from as dal, d.valid_to as al
    from diet d where d.municipality_id = ${municipalityId} and ${after} = ${FIRST} order by d.code`,
  'famiglie.csv': ({ municipalityId, after, most }) => sql<ExportRow>`
    select h.id::text as key, h.id::text, h.name as nome, h.created_at as dal
    from household h where h.municipality_id = ${municipalityId} and h.id > ${after}::uuid order by h.id limit ${most}`,
  'persone.csv': ({ municipalityId, after, most }) => sql<ExportRow>`
    select p.id::text as key, p.id::text, p.family_name as cognome, p.given_name as nome, p.fiscal_code as codice_fiscale,
      p.birth_date as nascita, p.email, p.phone as telefono, p.street as indirizzo, p.postcode as cap, p.city as citta,
      p.province as provincia, p.country as paese
    from person p where p.municipality_id = ${municipalityId} and p.id > ${after}::uuid order by p.id limit ${most}`,
  'codici.csv': ({ municipalityId, after }) => sql<ExportRow>`
    with people as materialized (
      select p.id from person p where p.municipality_id = ${municipalityId} and p.id > ${after}::uuid order by p.id limit ${BATCH}
    )
    select p.id::text as key, k.person_id::text as persona_id, k.fiscal_code as codice_fiscale, k.since as dal
    from people p left join person_code k on k.municipality_id = ${municipalityId} and k.person_id = p.id
    order by p.id, k.since, k.fiscal_code`,
  'ufficio.csv': ({ municipalityId, after, most }) => sql<ExportRow>`
    select r.id::text as key, r.id::text, r.person_id::text as persona_id, r.role as ruolo, r.school_id::text as scuola_id,
      r.school_class_id::text as classe_id, r.kitchen_id::text as cucina_id, r.valid_from as dal, r.valid_to as al,
      r.ended_at as finito_il
    from staff_member r where r.municipality_id = ${municipalityId} and r.id > ${after}::uuid order by r.id limit ${most}`,
  'ruoli.csv': ({ municipalityId, after, most }) => sql<ExportRow>`
    select m.id::text as key, m.id::text, m.household_id::text as famiglia_id, m.person_id::text as persona_id,
      case m.role when 'holder' then 'pagante' else 'delegato' end as ruolo, m.all_pupils as tutti_gli_alunni,
      (select coalesce(string_agg(d.pupil_id::text, ' ' order by d.pupil_id), '') from delegate_pupil d
        where d.municipality_id = ${municipalityId} and d.household_member_id = m.id) as alunni,
      m.valid_from as dal, m.valid_to as al, m.ended_at as finito_il
    from household_member m where m.municipality_id = ${municipalityId} and m.id > ${after}::uuid order by m.id limit ${most}`,
  'alunni.csv': ({ municipalityId, after, most }) => sql<ExportRow>`
    select c.id::text as key, c.id::text, c.household_id::text as famiglia_id, c.family_name as cognome, c.given_name as nome,
      c.fiscal_code as codice_fiscale, c.birth_date as nascita
    from pupil c where c.municipality_id = ${municipalityId} and c.id > ${after}::uuid order by c.id limit ${most}`,
  'iscrizioni.csv': ({ municipalityId, after, most }) => sql<ExportRow>`
    select e.id::text as key, e.id::text, e.pupil_id::text as alunno_id, e.service_id::text as servizio_id,
      e.school_id::text as scuola_id, e.school_class_id::text as classe_id, e.school_year_id::text as anno_id,
      e.valid_from as dal, e.valid_to as al, coalesce(array_to_string(e.weekdays, ' '), '') as giorni, e.diet_code as dieta, e.severe_reaction as reazione_grave
    from enrolment e where e.municipality_id = ${municipalityId} and e.id > ${after}::uuid order by e.id limit ${most}`,
  'elenco.csv': ({ municipalityId, after }) => sql<ExportRow>`
    with pupils as materialized (
      select c.id, c.household_id, c.family_name, c.given_name, c.fiscal_code, c.birth_date from pupil c
      where c.municipality_id = ${municipalityId} and c.id > ${after}::uuid order by c.id limit ${BATCH}
    )
    select c.id::text as key, c.family_name as cognome_alunno, c.given_name as nome_alunno, c.fiscal_code as codice_fiscale_alunno,
      c.birth_date as data_di_nascita_alunno, s.name as scuola, k.name as classe,
      h.family_name as cognome_pagante, h.given_name as nome_pagante, h.fiscal_code as codice_fiscale_pagante,
      h.phone as telefono_pagante, h.email as email_pagante,
      o.family_name as cognome_altro_adulto, o.given_name as nome_altro_adulto, o.fiscal_code as codice_fiscale_altro_adulto,
      o.phone as telefono_altro_adulto, o.email as email_altro_adulto, o.valid_to as delega_fino_al
    from pupils c
    left join lateral (
      select e.school_id, e.school_class_id from enrolment e
      where e.municipality_id = ${municipalityId} and e.pupil_id = c.id and e.valid_to >= app_today()
      order by e.valid_from, e.id limit 1
    ) e on true
    left join school s on s.municipality_id = ${municipalityId} and s.id = e.school_id
    left join school_class k on k.municipality_id = ${municipalityId} and k.id = e.school_class_id
    left join lateral (
      select p.family_name, p.given_name, p.fiscal_code, p.phone, p.email from active_member m
      join person p on p.municipality_id = ${municipalityId} and p.id = m.person_id
      where m.municipality_id = ${municipalityId} and m.household_id = c.household_id and m.role = 'holder' limit 1
    ) h on true
    left join lateral (
      select p.family_name, p.given_name, p.fiscal_code, p.phone, p.email, m.valid_to from active_member m
      join person p on p.municipality_id = ${municipalityId} and p.id = m.person_id
      where m.municipality_id = ${municipalityId} and m.household_id = c.household_id and m.role = 'delegate'
        and (m.all_pupils or exists (select from delegate_pupil d
          where d.municipality_id = ${municipalityId} and d.household_member_id = m.id and d.pupil_id = c.id))
      order by m.valid_from, m.id limit 1
    ) o on true
    order by c.id`,
  'diete_chieste.csv': ({ municipalityId, after }) => sql<ExportRow>`
    with pupils as materialized (
      select c.id from pupil c where c.municipality_id = ${municipalityId} and c.id > ${after}::uuid order by c.id limit ${BATCH}
    )
    select c.id::text as key, h.pupil_id::text as alunno_id, h.since as dal, h.until as al, h.severe as reazione_grave
    from pupils c left join diet_hold h on h.municipality_id = ${municipalityId} and h.pupil_id = c.id
    order by c.id, h.since`,
  'unioni.csv': ({ municipalityId, after, most }) => sql<ExportRow>`
    select m.id::text as key, m.id::text, m.kept_id::text as resta_id, m.gone_id::text as unito_id, m.reason as motivo,
      m.done_at as fatta_il, m.undone_at as annullata_il
    from pupil_merge m where m.municipality_id = ${municipalityId} and m.id > ${after}::uuid order by m.id limit ${most}`,
  'unioni_adulti.csv': ({ municipalityId, after, most }) => sql<ExportRow>`
    select m.id::text as key, m.id::text, m.kept_id::text as resta_id, m.gone_id::text as unito_id, m.reason as motivo,
      m.done_at as fatta_il, m.undone_at as annullata_il
    from person_merge m where m.municipality_id = ${municipalityId} and m.id > ${after}::uuid order by m.id limit ${most}`,
  'unioni_famiglie.csv': ({ municipalityId, after, most }) => sql<ExportRow>`
    select m.id::text as key, m.id::text, m.kept_id::text as resta_id, m.gone_id::text as unita_id, m.reason as motivo,
      m.done_at as fatta_il, m.undone_at as annullata_il
    from household_merge m where m.municipality_id = ${municipalityId} and m.id > ${after}::uuid order by m.id limit ${most}`,
  'diversi.csv': ({ municipalityId, after, most }) => sql<ExportRow>`
    select a.id::text as key, a.id::text, a.kind as di_che, a.one_id::text as uno_id, a.other_id::text as altro_id, a.reason as motivo,
      a.told_at as segnato_il, a.taken_back_at as tolto_il
    from told_apart a where a.municipality_id = ${municipalityId} and a.id > ${after}::uuid order by a.id limit ${most}`,
  'tariffe_alunni.csv': ({ municipalityId, after, most }) => sql<ExportRow>`
    select f.id::text as key, f.id::text, f.pupil_id::text as alunno_id, f.service_id::text as servizio_id,
      f.band_code as fascia, f.valid_from as dal, f.valid_to as al
    from fare_assignment f where f.municipality_id = ${municipalityId} and f.id > ${after}::uuid order by f.id limit ${most}`,
  'pasti_tra_famiglie.csv': ({ municipalityId, after, most }) => sql<ExportRow>`
    select r.id::text as key, r.id::text, r.pupil_id::text as alunno_id, r.household_id::text as famiglia_id,
      array_to_string(r.days, ' ') as giorni, r.first_monday as primo_lunedi, r.valid_from as dal, r.valid_to as al
    from meal_household_rule r where r.municipality_id = ${municipalityId} and r.id > ${after}::uuid order by r.id limit ${most}`,
  'disdette.csv': ({ municipalityId, after }) => sql<ExportRow>`
    with pupils as materialized (
      select c.id from pupil c where c.municipality_id = ${municipalityId} and c.id > ${after}::uuid order by c.id limit 200
    )
    select c.id::text as key, a.pupil_id::text as alunno_id, d.service_id::text as servizio_id, d.school_id::text as scuola_id,
      d.day as giorno, r.number as ricevuta
    from pupils c
    left join absence a on a.municipality_id = ${municipalityId} and a.pupil_id = c.id
    left join service_day d on d.municipality_id = ${municipalityId} and d.id = a.service_day_id
    left join absence_receipt r on r.municipality_id = ${municipalityId} and r.id = a.receipt_id
    order by c.id, d.day, d.id`,
  'conti.csv': ({ municipalityId, asOf, after, most }) => sql<ExportRow>`
    select a.id::text as key, a.id::text, a.household_id::text as famiglia_id, a.service_id::text as servizio_id,
      (select coalesce(sum(e.amount_cents), 0) from entry e where e.municipality_id = ${municipalityId} and e.account_id = a.id
        and e.posted_at <= ${asOf}) as saldo
    from account a where a.municipality_id = ${municipalityId} and a.kind = 'household' and a.id > ${after}::uuid
    order by a.id limit ${most}`,
  'movimenti.csv': ({ municipalityId, asOf, after }) => sql<ExportRow>`
    with accounts as materialized (
      select a.id from account a where a.municipality_id = ${municipalityId} and a.kind = 'household' and a.id > ${after}::uuid
      order by a.id limit 100
    )
    select a.id::text as key, e.id::text, e.journal_id::text as registrazione_id, e.account_id::text as conto_id, e.kind as tipo,
      e.day as giorno, e.posted_at as registrato_il, e.amount_cents as importo, e.pupil_id::text as alunno_id,
      e.top_up_id::text as ricarica_id, j.description as descrizione
    from accounts a
    left join entry e on e.municipality_id = ${municipalityId} and e.account_id = a.id and e.posted_at <= ${asOf}
    left join journal j on j.municipality_id = ${municipalityId} and j.id = e.journal_id
    order by a.id, e.posted_at, e.id`,
  'ricariche.csv': ({ municipalityId, asOf, after, most }) => sql<ExportRow>`
    select t.id::text as key, t.id::text, t.account_id::text as conto_id, t.payer_id::text as pagatore_id,
      t.amount_cents as importo, t.state as stato, t.method as metodo, t.order_id as ordine, t.created_at as creata_il,
      t.paid_at as pagata_il
    from top_up t where t.municipality_id = ${municipalityId} and t.created_at <= ${asOf} and t.id > ${after}::uuid
    order by t.id limit ${most}`,
  'rimborsi.csv': ({ municipalityId, after, most }) => sql<ExportRow>`
    select r.id::text as key, r.id::text, r.account_id::text as conto_id, r.cause as causa, r.left_on as uscita,
      r.opened_at as aperto_il, r.opened_cents as credito, r.decision as decisione, r.decided_at as deciso_il,
      r.decided_cents as deciso, r.reason as motivo, r.to_account_id::text as al_conto_id, r.closed_at as chiuso_il,
      r.closed_why as chiuso_perche
    from refund_case r where r.municipality_id = ${municipalityId} and r.id > ${after}::uuid order by r.id limit ${most}`,
  'fatture.csv': ({ municipalityId, asOf, after, most }) => sql<ExportRow>`
    select i.id::text as key, i.id::text, i.number_text as numero, i.issued_on as del, i.top_up_id::text as ricarica_id,
      i.household_id::text as famiglia_id, i.holder_id::text as intestatario_id, i.net_cents as imponibile, i.vat_cents as iva,
      i.total_cents as totale, encode(i.xml_sha256, 'hex') as impronta_xml
    from invoice i where i.municipality_id = ${municipalityId} and i.issued_at <= ${asOf} and i.id > ${after}::uuid
    order by i.id limit ${most}`,
  'comunicazioni.csv': ({ municipalityId, asOf, after }) => sql<ExportRow>`
    select c.id::text as key, c.id::text, v.title as titolo, v.body as testo, c.published_at as pubblicata_il,
      c.withdrawn_at as ritirata_il
    from communication c
    join communication_version v on v.municipality_id = ${municipalityId} and v.communication_id = c.id
      and v.number = c.published_version
    where c.municipality_id = ${municipalityId} and c.published_at <= ${asOf} and c.id > ${after}::uuid order by c.id limit 100`,
  'destinatari.csv': ({ municipalityId, asOf, after }) => sql<ExportRow>`
    with households as materialized (
      select h.id from household h where h.municipality_id = ${municipalityId} and h.id > ${after}::uuid order by h.id limit 200
    )
    select h.id::text as key, c.id::text as comunicazione_id, h.id::text as famiglia_id
    from households h
    left join communication_recipient r on r.municipality_id = ${municipalityId} and r.household_id = h.id
    left join communication c on c.municipality_id = ${municipalityId} and c.id = r.communication_id and c.published_at <= ${asOf}
    order by h.id, c.id`,
}

/** Of a left join's key without a row: it only says where the next batch begins. */
const EMPTY_WITHOUT: Partial<Record<ExportFile, string>> = {
  'codici.csv': 'persona_id',
  'elenco.csv': 'classe',
  'diete_chieste.csv': 'alunno_id',
  'disdette.csv': 'alunno_id',
  'movimenti.csv': 'id',
  'destinatari.csv': 'comunicazione_id',
}

/** The rows of a file, some at a time: each batch in a transaction of its own, so that no reader holds one. */
export async function* exportRows(
  viewer: Viewer,
  file: ExportFile,
  asOf: Date,
): AsyncGenerator<readonly ExportRow[]> {
  const { municipalityId } = viewer
  const needed = EMPTY_WITHOUT[file]
  for (let after = FIRST; ; ) {
    const rows = await asStaff(viewer, (trx) =>
      readBatch(trx, file, { municipalityId, asOf, after, most: BATCH }),
    )
    const last = rows.at(-1)
    if (!last) return
    yield needed ? rows.filter((row) => row[needed] !== null) : rows
    if (last.key === FIRST) return
    after = last.key
  }
}

const readBatch = async (trx: Trx, file: ExportFile, batch: Batch): Promise<ExportRow[]> =>
  (await READERS[file](batch).execute(trx)).rows

/**
 * Lets the export of the municipality begin, and writes it down: whose names, diets and money leave the portal is a serious thing.
 * @returns the instant that the export is of; null for who may not
 */
export async function beginTownExport(viewer: Viewer): Promise<Date | null> {
  if (!allowedToStaff(viewer, 'town:export')) return null
  return asStaff(viewer, async (trx) => {
    const { now } = await readClock(trx)
    await recordAudit(trx, viewer, {
      action: 'town.exported',
      objectType: 'municipality',
      objectId: viewer.municipalityId,
    })
    return now
  })
}
