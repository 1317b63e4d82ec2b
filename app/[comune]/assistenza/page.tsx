import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ProsePage } from '#components/public/prose-page.tsx'
import { type Question, Questions } from '#components/public/questions.tsx'
import { Card } from '#components/ui/card.tsx'
import { DataList } from '#components/ui/data-list.tsx'
import type { Municipality } from '#lib/municipalities/municipality.ts'
import { municipalityBySlug, publicService } from '#lib/municipalities/queries.ts'
import { commonCutoff } from '#lib/municipalities/service-facts.ts'

export const metadata: Metadata = { title: 'Assistenza e domande frequenti' }

const questionsFor = ({ operator, name }: Municipality, cutoff: string | null): Question[] => [
  {
    question: 'Fino a quando posso disdire un pasto?',
    answer: (
      <p>
        {cutoff ? `Entro ${cutoff}.` : 'Dipende dalla scuola: il termine è scritto accanto a ogni giorno.'}{' '}
        Dopo non si può più modificare, perché la cucina ha già il conteggio. Vale l’ora del portale.
      </p>
    ),
  },
  {
    question: 'Ho disdetto per sbaglio: posso tornare indietro?',
    answer: <p>Sì, con “Ripristina”, fino allo stesso termine.</p>,
  },
  {
    question: 'Devo avvisare anche la scuola?',
    answer: (
      <p>Sì. Alla scuola primaria e secondaria l’assenza si comunica con il quadernino degli avvisi.</p>
    ),
  },
  {
    question: 'Ho pagato una ricarica ma il saldo non è cambiato',
    answer: (
      <p>
        Non pagare di nuovo. Finché la banca non conferma, la ricarica risulta in verifica; quando conferma,
        il saldo cambia da solo. Se dopo un giorno è ancora così, chiama {operator.name}.
      </p>
    ),
  },
  {
    question: 'Accedo con SPID o CIE ma il portale non mi riconosce',
    answer: (
      <p>
        Il portale conosce i genitori indicati all’iscrizione, con il loro codice fiscale. Chiama{' '}
        {operator.name}: può controllare come sei registrato.
      </p>
    ),
  },
  {
    question: 'Non ho né SPID né CIE',
    answer: (
      <p>
        SPID si chiede gratuitamente a uno dei gestori accreditati; la CIE all’anagrafe del Comune di {name}.
        Nel frattempo può accedere l’altro genitore, oppure puoi chiamare {operator.name}.
      </p>
    ),
  },
]

export default async function Help({ params }: { params: Promise<{ comune: string }> }) {
  const { comune } = await params
  const municipality = await municipalityBySlug(comune)
  if (!municipality) notFound()
  const service = await publicService(municipality)
  const { operator } = municipality
  return (
    <ProsePage comune={comune} title="Assistenza" lead="Le risposte più cercate, e chi può aiutarti.">
      <div data-element="faq">
        <h2 id="domande" className="mb-4">
          Domande frequenti
        </h2>
        <Questions items={questionsFor(municipality, service && commonCutoff(service.schools))} />
      </div>
      <h2 id="contatti" className="mb-1">
        Contatti
      </h2>
      <Card title="Pasti, pagamenti e accesso" headingLevel="h3">
        <DataList
          items={[
            { term: 'Gestore', value: operator.name },
            {
              term: 'Telefono',
              value: <a href={`tel:${operator.phone.replace(/[^+\d]/g, '')}`}>{operator.phone}</a>,
            },
            { term: 'E-mail', value: <a href={`mailto:${operator.email}`}>{operator.email}</a> },
          ]}
        />
      </Card>
      <Card title="Iscrizioni e segnalazioni al Comune" headingLevel="h3">
        <DataList
          items={[
            { term: 'Ente', value: `Comune di ${municipality.name}` },
            {
              term: 'Telefono',
              value: <a href={`tel:${municipality.phone.replace(/[^+\d]/g, '')}`}>{municipality.phone}</a>,
            },
            { term: 'E-mail', value: <a href={`mailto:${municipality.email}`}>{municipality.email}</a> },
            { term: 'PEC', value: <a href={`mailto:${municipality.pec}`}>{municipality.pec}</a> },
          ]}
        />
      </Card>
    </ProsePage>
  )
}
