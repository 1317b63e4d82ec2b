import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ActForm } from '#components/office/forms/act-form.tsx'
import { OfficeFormList } from '#components/office/forms/office-form-list.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { officeForms } from '#lib/forms/office/form.queries.ts'
import { TEMPLATES } from '#lib/forms/office/templates.ts'
import { waitingLinks } from '#lib/people/office/link-request.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { newForm } from './actions.ts'

export const metadata: Metadata = { title: 'Moduli e domande' }

/** The office's forms, and the ready-made ones to begin from. */
export default async function OfficeFormsPage({ params }: { params: Promise<{ comune: string }> }) {
  const { comune: municipalitySlug } = await params
  const viewer = await requireViewer(municipalitySlug)
  const [forms, links] = await Promise.all([officeForms(viewer), waitingLinks(viewer)])
  if (!forms) notFound()
  return (
    <>
      <PageHeading
        title="Moduli e domande"
        lead="Iscrizioni, diete, riduzioni: quello che le famiglie compilano, e le domande che arrivano."
        actions={
          <>
            <ButtonLink look="secondary" icon="list" href={`/admin/${municipalitySlug}/moduli/domande`}>
              Tutte le domande
            </ButtonLink>
            <ButtonLink look="quiet" icon="link" href={`/admin/${municipalitySlug}/moduli/collegamenti`}>
              Richieste di collegamento ({links ?? 0})
            </ButtonLink>
            <ButtonLink look="quiet" icon="users" href={`/admin/${municipalitySlug}/moduli/posti`}>
              Classi e posti
            </ButtonLink>
          </>
        }
      />
      <div className="grid gap-10">
        {forms.length > 0 ? (
          <OfficeFormList municipalitySlug={municipalitySlug} lines={forms} />
        ) : (
          <EmptyState icon="file-text" title="Non c’è ancora nessun modulo">
            <p>
              Le famiglie leggono che nessun modulo è attivo. Comincia da uno di quelli pronti, qui sotto.
            </p>
          </EmptyState>
        )}
        <section aria-labelledby="nuovo-modulo">
          <h2 id="nuovo-modulo" className="mb-2 text-2xl">
            Nuovo modulo
          </h2>
          <p className="mb-4">
            Parti da uno pronto e adattalo. Le famiglie non lo vedono finché non lo pubblichi.
          </p>
          <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
            {Object.entries(TEMPLATES).map(([kind, { name, explains }]) => (
              <li
                key={kind}
                data-surface
                className="flex flex-col gap-3 rounded-lg border border-line bg-white p-4 shadow-low sm:p-6"
              >
                <h3 className="text-lg">{name}</h3>
                <p className="flex-1">{explains}</p>
                <ActForm
                  hidden={{ municipalitySlug, kind }}
                  action={newForm}
                  icon="plus"
                  label={
                    <span>
                      Crea<span className="sr-only">: {name}</span>
                    </span>
                  }
                />
              </li>
            ))}
          </ul>
        </section>
      </div>
    </>
  )
}
