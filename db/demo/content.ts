import { sql } from 'kysely'
import type { Viewer } from '#lib/access/viewer.ts'
import type { ContentKind } from '#lib/content/content.ts'
import { publishContent, saveContent } from '#lib/content/office/content.commands.ts'
import { addDays, type Day, instantInRome } from '#lib/kernel/day.ts'
import type { Result } from '#lib/kernel/result.ts'
import { longDay } from '#lib/words/format-day.ts'
import type { Db, Trx } from '../client.ts'

type Sketch = {
  kind: ContentKind
  /** Days before today on which it was published, at 8:00. */
  daysAgo: number
  title: string
  summary: string
  body: string
  category: string
  urgent?: boolean
  highlighted?: boolean
  file?: { name: string; lines: string[] }
}

/** The next Friday after a day: when the demonstration's strike is. */
const nextFriday = (today: Day): Day => {
  const ahead = [1, 2, 3, 4, 5, 6, 7].map((days) => addDays(today, days))
  return ahead.find((day) => new Date(`${day}T00:00:00Z`).getUTCDay() === 5) ?? today
}

const sketches = (today: Day): Sketch[] => [
  {
    kind: 'document',
    daysAgo: 60,
    title: 'Modulo privacy della mensa scolastica',
    summary: 'Da firmare una volta sola e riportare a scuola: dice quali dati usa la mensa e perché.',
    body: '<p>Il modulo va firmato da entrambi i genitori e consegnato in segreteria o al primo accesso allo sportello.</p><h2>Che cosa contiene</h2><ul><li>chi usa i dati e per quale motivo;</li><li>per quanto tempo restano conservati;</li><li>come chiedere di vederli o correggerli.</li></ul>',
    category: 'privacy',
    highlighted: true,
    file: {
      name: 'modulo-privacy-mensa.pdf',
      lines: ['Modulo privacy', 'Mensa scolastica', 'Firma del genitore: ____________'],
    },
  },
  {
    kind: 'document',
    daysAgo: 58,
    title: 'Tariffa del pasto e modi di pagamento',
    summary: 'Quanto costa un pasto, come si ricarica e quando arriva la fattura.',
    body: '<p>Il prezzo del pasto, da quando vale e le riduzioni si leggono nella <a href="/mozzecane/servizio">scheda del servizio</a>: sono quelli decisi dal Comune e sono sempre aggiornati. Si ricarica dal portale, sempre per un multiplo del prezzo di un pasto.</p><p>Si paga con carta VISA o MASTERCARD, oppure con bonifico MyBank. La fattura arriva al genitore intestatario.</p>',
    category: 'tariffe',
    highlighted: true,
  },
  {
    kind: 'document',
    daysAgo: 45,
    title: 'Richiesta di dieta speciale',
    summary: 'Per motivi di salute, religiosi o etici. Per quelli di salute serve il certificato del medico.',
    body: '<p>Compila il modulo e consegnalo all’ufficio scuola. La dieta parte dal quinto giorno di mensa dopo la consegna.</p>',
    category: 'moduli',
    highlighted: true,
    file: {
      name: 'richiesta-dieta-speciale.pdf',
      lines: ['Richiesta di dieta speciale', 'Nome e cognome: ____________', 'Scuola e classe: ____________'],
    },
  },
  {
    kind: 'document',
    daysAgo: 40,
    title: 'Carta del servizio di refezione',
    summary: 'Che cosa le famiglie possono aspettarsi dalla mensa, e come segnalare se qualcosa non va.',
    body: '<h2>I nostri impegni</h2><p>Pasti cucinati in giornata, frutta e verdura di stagione, diete rispettate sempre.</p><h2>Se qualcosa non va</h2><p>Scrivi o telefona al gestore: ricevi una risposta entro dieci giorni.</p>',
    category: 'regolamenti',
  },
  {
    kind: 'news',
    daysAgo: 34,
    title: 'È partito il comitato mensa dei genitori',
    summary:
      'Otto genitori, uno per plesso e quattro supplenti, assaggiano i pasti e raccontano com’è andata.',
    body: '<p>Il comitato si riunisce ogni due mesi. Gli assaggi sono senza preavviso e finiscono con una scheda di valutazione.</p><p>Vuoi partecipare l’anno prossimo? Le candidature si aprono a maggio.</p>',
    category: 'notizie',
  },
  {
    kind: 'news',
    daysAgo: 12,
    title: 'Dal campo al piatto: una settimana di prodotti locali',
    summary: 'Riso, mele e formaggi arrivano da aziende a meno di trenta chilometri dalle scuole.',
    body: '<p>Per una settimana il menù usa solo prodotti del territorio. Le classi incontrano chi li coltiva.</p><h2>Che cosa si mangia</h2><ul><li>risotto con la zucca;</li><li>formaggio di malga e carote;</li><li>mele e pere.</li></ul><p>Le diete speciali restano garantite.</p>',
    category: 'notizie',
  },
  {
    kind: 'news',
    daysAgo: 5,
    title: 'La disdetta si fa entro le 9:30',
    summary:
      'Chi disdice entro le 9:30 del giorno stesso non paga il pasto. Dopo, la cucina ha già il conteggio.',
    body: '<p>Nelle ultime settimane sono arrivate molte telefonate dopo il termine. Alle 9:30 il conteggio parte per la cucina e non si può più cambiare.</p><p>Se tuo figlio resta a casa per più giorni, puoi disdire tutto il periodo in una volta, dal <a href="/mozzecane/prenotazioni">calendario delle prenotazioni</a>. Avvisa anche la scuola con il quadernino.</p>',
    category: 'comunicati',
  },
  {
    kind: 'news',
    daysAgo: 1,
    title: `Possibile sciopero ${longDay(nextFriday(today))}`,
    summary: 'La mensa potrebbe non essere garantita in tutte le scuole. Confermeremo qui il giorno prima.',
    body: '<p>È stato annunciato uno sciopero del personale scolastico. Se la mensa resta chiusa, il giorno compare nel calendario come senza mensa e nessun pasto viene addebitato.</p><p>Non serve disdire: ci pensiamo noi.</p>',
    category: 'avvisi',
    urgent: true,
  },
]

/** A one-page PDF with a few lines, written by hand: enough for a demonstration to download. */
function smallPdf(lines: readonly string[]): Uint8Array {
  const shown = lines.map(
    (line) => `(${line.replace(/[^\x20-\x7e]/g, '?').replace(/[()\\]/g, '\\$&')}) Tj 0 -28 Td`,
  )
  const stream = `BT /F1 16 Tf 72 760 Td ${shown.join(' ')} ET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R /Lang (it-IT) >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]
  let text = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = text.length
    text += `${index + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`
  return new TextEncoder().encode(text)
}

function done<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`the demonstration was refused: ${result.code}`)
  return result.value
}

/** The municipality's own settings: contacts, addresses, declarations. */
export async function seedSettings(trx: Trx, municipalityId: string): Promise<void> {
  await trx
    .insertInto('municipality_settings')
    .values({
      municipality_id: municipalityId,
      office_hours: 'Ufficio scuola: lunedì, mercoledì e venerdì dalle 9:00 alle 12:30',
      dpo_name: 'Studio Dati Sereni',
      dpo_email: 'dpo@comune.mozzecane.example.it',
      security_contact: 'mailto:sicurezza@tangram.example.it',
      site_url: 'https://www.comune.mozzecane.example.it',
      transparency_url: 'https://www.comune.mozzecane.example.it/amministrazione-trasparente',
      accessibility_declaration_url: 'https://form.agid.gov.it/view/esempio',
      appointment_url: 'https://www.comune.mozzecane.example.it/prenota-appuntamento',
      report_url: 'https://www.comune.mozzecane.example.it/segnala-disservizio',
    })
    .execute()
}

/**
 * News and documents as the municipality's editor would have written them, each on its own day, plus a draft and a scheduled one.
 * @param atClock stops the database's clock at an instant
 */
export async function seedContent(
  owner: Db,
  municipalityId: string,
  now: Date,
  today: Day,
  atClock: (instant: Date) => Promise<unknown>,
): Promise<void> {
  const editor = await editorOf(owner, municipalityId)
  const write = async (sketch: Omit<Sketch, 'daysAgo'>) =>
    done(
      await saveContent(editor, sketch.kind, {
        id: null,
        baseVersion: 0,
        title: sketch.title,
        summary: sketch.summary,
        body: sketch.body,
        category: sketch.category,
        urgent: sketch.urgent ?? false,
        highlighted: sketch.highlighted ?? false,
        kept: [],
        added: sketch.file ? [new File([new Uint8Array(smallPdf(sketch.file.lines))], sketch.file.name)] : [],
      }),
    )
  for (const sketch of sketches(today)) {
    await atClock(instantInRome(addDays(today, -sketch.daysAgo), '08:00'))
    const saved = await write(sketch)
    done(await publishContent(editor, saved.id, saved.version, { opensAt: null, closesAt: null }))
  }
  await atClock(now)
  const scheduled = await write({
    kind: 'news',
    title: 'Il menù d’inverno comincia lunedì',
    summary: 'Zuppe, legumi e frutta di stagione: il nuovo menù vale fino a marzo.',
    body: '<p>Il menù d’inverno segue le linee guida regionali per la ristorazione scolastica.</p>',
    category: 'notizie',
  })
  const opensAt = instantInRome(addDays(today, 3), '08:00')
  done(await publishContent(editor, scheduled.id, scheduled.version, { opensAt, closesAt: null }))
  await write({
    kind: 'news',
    title: 'Iscrizioni alla mensa per il prossimo anno',
    summary: '',
    body: '<p>Le iscrizioni si apriranno in primavera. Per sapere come fare <a href="/mozzecane/moduli">clicca qui</a>.</p>',
    category: 'notizie',
  })
}

async function editorOf(owner: Db, municipalityId: string): Promise<Viewer> {
  const { person_id } = await owner
    .selectFrom('staff_member')
    .select('person_id')
    .where('municipality_id', '=', municipalityId)
    .where('role', '=', 'editor')
    .executeTakeFirstOrThrow()
  const { rows } = await sql<{ id: string }>`select uuidv7() as id`.execute(owner)
  return {
    municipalityId,
    personId: person_id,
    citizenId: person_id,
    sessionId: (rows[0] as { id: string }).id,
    name: 'Redazione',
    memberships: [],
    staffRoles: ['editor'],
  }
}
