import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ProsePage } from '#components/public/prose-page.tsx'
import { type Question, Questions } from '#components/public/questions.tsx'
import { Card } from '#components/ui/card.tsx'
import { DataList } from '#components/ui/data-list.tsx'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import type { Municipality } from '#lib/school/municipality.ts'
import { commonCutoff } from '#lib/school/service.words.ts'
import { publicService } from '#lib/tariffs/public-service.queries.ts'
import type { Words } from '#lib/words/language.ts'
import { readWords } from '#lib/words/words.request.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Assistenza e domande frequenti') }
}

const questionsFor = (t: Words, { operator, name }: Municipality, cutoff: string | null): Question[] => {
  return [
    {
      question: t('Fino a quando posso disdire un pasto?'),
      answer: (
        <p>
          {cutoff
            ? t('Entro {cutoff}.', { cutoff })
            : t('Dipende dalla scuola: il termine è scritto accanto a ogni giorno.')}{' '}
          {t('Dopo non si può più modificare, perché la cucina ha già il conteggio. Vale l’ora del portale.')}
        </p>
      ),
    },
    {
      question: t('Ho disdetto per sbaglio: posso tornare indietro?'),
      answer: <p>{t('Sì, con “Ripristina”, fino allo stesso termine.')}</p>,
    },
    {
      question: t('Devo avvisare anche la scuola?'),
      answer: (
        <p>
          {t('Sì. Alla scuola primaria e secondaria l’assenza si comunica con il quadernino degli avvisi.')}
        </p>
      ),
    },
    {
      question: t('C’è sciopero, una gita o la scuola è chiusa: devo disdire?'),
      answer: (
        <p>
          {t(
            'No. L’ufficio chiude quel giorno per tutti e i pasti non si pagano. Se un giorno chiuso risulta ancora aperto, chiama {name}.',
            { name: operator.name },
          )}
        </p>
      ),
    },
    {
      question: t('Devo usare SPID o CIE ogni mattina?'),
      answer: (
        <p>
          {t(
            'No. Dopo il primo accesso scegli «Salva credenziali»: su quel dispositivo entri con l’impronta, il volto o una sequenza che disegni.',
          )}
        </p>
      ),
    },
    {
      question: t('Può disdire anche l’altro genitore?'),
      answer: (
        <p>
          {t(
            'Sì. Il genitore intestatario lo invita in «Profilo e deleghe»: l’altro genitore entra con la propria SPID o CIE e disdice i pasti. Non vede saldo e pagamenti.',
          )}
        </p>
      ),
    },
    {
      question: t('Mi serve la spesa della mensa per il 730'),
      answer: (
        <p>
          {t(
            'Il genitore intestatario la trova in «Stato contabile / pagamenti», «Spese per il 730»: il totale dell’anno, figlio per figlio, da stampare.',
          )}
        </p>
      ),
    },
    {
      question: t('Ho pagato una ricarica ma il saldo non è cambiato'),
      answer: (
        <p>
          {t(
            'Non pagare di nuovo. Finché la banca non conferma, la ricarica risulta in verifica; quando conferma, il saldo cambia da solo. Se dopo un giorno è ancora così, chiama {name}.',
            { name: operator.name },
          )}
        </p>
      ),
    },
    {
      question: t('Accedo con SPID o CIE ma il portale non mi riconosce'),
      answer: (
        <p>
          {t(
            'Il portale conosce i genitori indicati all’iscrizione, con il loro codice fiscale. Chiama {name}: può controllare i tuoi dati.',
            { name: operator.name },
          )}
        </p>
      ),
    },
    {
      question: t('Non ho né SPID né CIE'),
      answer: (
        <p>
          {t(
            'SPID si chiede a uno dei gestori accreditati; la CIE all’anagrafe del Comune di {name}. Nel frattempo può accedere l’altro genitore, oppure puoi chiamare {name2}.',
            { name, name2: operator.name },
          )}
        </p>
      ),
    },
  ]
}

export default async function Help({ params }: { params: Promise<{ comune: string }> }) {
  const t = await readWords()
  const { comune: municipalitySlug } = await params
  const municipality = await municipalityBySlug(municipalitySlug)
  if (!municipality) notFound()
  const service = await publicService(municipality)
  const { operator } = municipality
  return (
    <ProsePage
      municipalitySlug={municipalitySlug}
      title={t('Assistenza')}
      lead={t('Le risposte più cercate, e chi può aiutarti.')}
    >
      <div data-element="faq">
        <h2 id="domande" className="mb-4">
          {t('Domande frequenti')}
        </h2>
        <Questions items={questionsFor(t, municipality, service && commonCutoff(service.schools, t))} />
      </div>
      <h2 id="contatti" className="mb-1">
        {t('Contatti')}
      </h2>
      <Card title={t('Pasti, pagamenti e accesso')} headingLevel="h3">
        <DataList
          items={[
            { term: t('Gestore'), value: operator.name },
            {
              term: t('Telefono'),
              value: <a href={`tel:${operator.phone.replace(/[^+\d]/g, '')}`}>{operator.phone}</a>,
            },
            { term: t('E-mail'), value: <a href={`mailto:${operator.email}`}>{operator.email}</a> },
          ]}
        />
      </Card>
      <Card title={t('Iscrizioni e segnalazioni al Comune')} headingLevel="h3">
        <DataList
          items={[
            { term: t('Ente'), value: t('Comune di {name}', { name: municipality.name }) },
            {
              term: t('Telefono'),
              value: <a href={`tel:${municipality.phone.replace(/[^+\d]/g, '')}`}>{municipality.phone}</a>,
            },
            { term: t('E-mail'), value: <a href={`mailto:${municipality.email}`}>{municipality.email}</a> },
            { term: 'PEC', value: <a href={`mailto:${municipality.pec}`}>{municipality.pec}</a> },
          ]}
        />
      </Card>
    </ProsePage>
  )
}
