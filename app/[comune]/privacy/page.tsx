import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ProsePage } from '#components/public/prose-page.tsx'
import { municipalityBySlug } from '#lib/municipalities/queries.ts'

export const metadata: Metadata = { title: 'Informativa privacy' }

export default async function Privacy({ params }: { params: Promise<{ comune: string }> }) {
  const { comune } = await params
  const municipality = await municipalityBySlug(comune)
  if (!municipality) notFound()
  const { operator, settings } = municipality
  return (
    <ProsePage
      comune={comune}
      title="Informativa privacy"
      lead="Quali dati usa il portale della mensa, perché e per quanto tempo."
    >
      <h2>Chi risponde dei dati</h2>
      <p>
        Titolare del trattamento è il Comune di {municipality.name}, {municipality.address}, PEC{' '}
        <a href={`mailto:${municipality.pec}`}>{municipality.pec}</a>. {operator.name} gestisce il servizio di
        mensa.
      </p>
      {settings.dpoEmail && (
        <p>
          Responsabile della protezione dei dati (DPO): {settings.dpoName && `${settings.dpoName}, `}
          <a href={`mailto:${settings.dpoEmail}`}>{settings.dpoEmail}</a>.
        </p>
      )}
      <p>
        I moduli e le informative da scaricare sono tra i{' '}
        <a href={`/${comune}/documenti?categoria=privacy`}>documenti sulla privacy</a>.
      </p>
      <h2>Quali dati</h2>
      <ul>
        <li>Nome e codice fiscale di chi accede, come li comunicano SPID o CIE.</li>
        <li>Nome, scuola, classe e tipo di dieta degli alunni iscritti alla mensa.</li>
        <li>Presenze e disdette, con data, ora e autore.</li>
        <li>Saldo, ricariche, pasti addebitati e fatture. I dati della carta non passano mai dal portale.</li>
      </ul>
      <h2>Perché</h2>
      <p>
        Per preparare i pasti giusti ogni giorno, per addebitare solo quelli consumati e per emettere i
        documenti fiscali. Non servono ad altro e non vengono ceduti.
      </p>
      <h2>Chi li vede</h2>
      <p>
        Ogni famiglia vede solo i propri. La cucina vede i numeri e il codice della dieta, non il motivo. Ogni
        lettura e ogni modifica dei dati degli alunni o dei pagamenti resta in un registro, conservato 24
        mesi.
      </p>
      <h2>Cookie</h2>
      <p>
        Il portale usa solo i cookie tecnici che servono a restare collegati. Nessun cookie di altri, nessuna
        statistica che ti segue: per questo non ti chiediamo un consenso.
      </p>
      <h2>I tuoi diritti</h2>
      <p>
        Puoi chiedere di vedere, correggere o cancellare i tuoi dati scrivendo al Comune all’indirizzo PEC
        indicato sopra, e puoi rivolgerti al Garante per la protezione dei dati personali.
      </p>
    </ProsePage>
  )
}
