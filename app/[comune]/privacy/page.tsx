import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { BindingInItalian } from '#components/language/courtesy.tsx'
import { ProsePage } from '#components/public/prose-page.tsx'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { fill } from '#lib/words/fill.ts'
import { readWords } from '#lib/words/words.request.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Informativa privacy') }
}

export default async function Privacy({ params }: { params: Promise<{ comune: string }> }) {
  const t = await readWords()
  const { comune: municipalitySlug } = await params
  const municipality = await municipalityBySlug(municipalitySlug)
  if (!municipality) notFound()
  const { operator, settings } = municipality
  return (
    <ProsePage
      municipalitySlug={municipalitySlug}
      title={t('Informativa privacy')}
      lead={t('Quali dati usa il portale della mensa, perché e per quanto tempo.')}
    >
      <BindingInItalian address={`/${municipalitySlug}/privacy`} />
      <h2>{t('Chi risponde dei dati')}</h2>
      <p>
        {fill(
          t(
            'Titolare del trattamento è il Comune di {name}, {address}, PEC {link}. {name2} gestisce il servizio di mensa.',
            { name: municipality.name, address: municipality.address, name2: operator.name },
          ),
          {
            link: (
              <a key="link" href={`mailto:${municipality.pec}`}>
                {municipality.pec}
              </a>
            ),
          },
        )}
      </p>
      {settings.dpoEmail && (
        <p>
          {t('Responsabile della protezione dei dati (DPO):')} {settings.dpoName && `${settings.dpoName}, `}
          <a href={`mailto:${settings.dpoEmail}`}>{settings.dpoEmail}</a>.
        </p>
      )}
      <p>
        {fill(t('I moduli e le informative da scaricare sono tra i {link}.'), {
          link: (
            <a key="link" href={`/${municipalitySlug}/documenti?categoria=privacy`}>
              {t('documenti sulla privacy')}
            </a>
          ),
        })}
      </p>
      <h2>{t('Quali dati')}</h2>
      <ul>
        <li>{t('Nome e codice fiscale di chi accede, come li comunicano SPID o CIE.')}</li>
        <li>{t('Nome, scuola, classe e tipo di dieta degli alunni iscritti alla mensa.')}</li>
        <li>{t('Presenze e disdette, con data, ora e autore.')}</li>
        <li>
          {t('Saldo, ricariche, pasti addebitati e fatture. I dati della carta non passano mai dal portale.')}
        </li>
      </ul>
      <h2>{t('Perché')}</h2>
      <p>
        {t(
          'Per preparare i pasti giusti ogni giorno, per addebitare solo quelli consumati e per emettere i documenti fiscali. Non servono ad altro e non vengono ceduti.',
        )}
      </p>
      <h2>{t('Chi li vede')}</h2>
      <p>
        {t(
          'Ogni famiglia vede solo i propri. La cucina vede i numeri e il codice della dieta, non il motivo. Ogni lettura e ogni modifica dei dati degli alunni o dei pagamenti resta in un registro, conservato 24 mesi.',
        )}
      </p>
      <h2>{t('Cookie')}</h2>
      <p>
        {t(
          'Il portale usa solo i cookie tecnici che servono a restare collegati. Nessun cookie di altri, nessuna statistica che ti segue: per questo non ti chiediamo un consenso.',
        )}
      </p>
      <h2>{t('I tuoi diritti')}</h2>
      <p>
        {t(
          'Puoi chiedere di vedere, correggere o cancellare i tuoi dati scrivendo al Comune all’indirizzo PEC indicato sopra, e puoi rivolgerti al Garante per la protezione dei dati personali.',
        )}
      </p>
    </ProsePage>
  )
}
