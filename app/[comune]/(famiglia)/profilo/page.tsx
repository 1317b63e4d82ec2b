import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { AddressForm, CodeForm, EmailForm } from '#components/profile/contact-forms.tsx'
import { PhoneCard } from '#components/profile/phone-card.tsx'
import { LinkList } from '#components/shell/link-list.tsx'
import { profileSections } from '#components/shell/sections.ts'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { StatusChip } from '#components/ui/status-chip.tsx'
import { dayInRome } from '#lib/kernel/day.ts'
import { contactsOf } from '#lib/people/contact.queries.ts'
import { headerViewerOf } from '#lib/session/header-viewer.ts'
import { requireViewer, resumedForm } from '#lib/session/session.request.ts'
import { UNTOUCHED } from '#lib/web/form-state.ts'
import { fill } from '#lib/words/fill.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { readWords } from '#lib/words/words.request.ts'
import { askEmail, confirm, confirmTelephone, saveAddress, savePhone } from './actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Profilo') }
}

export default async function Profile({ params }: { params: Promise<{ comune: string }> }) {
  const t = await readWords()
  const { comune: municipalitySlug } = await params
  const viewer = await requireViewer(municipalitySlug)
  const contacts = await contactsOf(viewer)
  if (!contacts) notFound()
  const { state, resumed } = await resumedForm(municipalitySlug, viewer)
  const initial = (field: string) => (field in state.typed ? state : UNTOUCHED)
  return (
    <>
      <PageHeading
        title={t('Profilo')}
        lead={t('{name}: come ti raggiungiamo, chi può aiutarti con i pasti, che cosa sappiamo di te.', {
          name: viewer.name,
        })}
      />
      {resumed && (
        <div className="mb-6">
          <Notice kind="info" live title={t('Ti abbiamo riconosciuto')}>
            <p>{t('Quello che avevi scritto è ancora qui sotto: controlla e salva.')}</p>
          </Notice>
        </div>
      )}
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <LinkList
          label={t('Altre parti del profilo')}
          links={profileSections(municipalitySlug, headerViewerOf(viewer), t)}
        />
        <Card
          title={t('E-mail')}
          titleId="email-titolo"
          aside={
            contacts.email &&
            (contacts.isEmailRefused ? (
              <StatusChip tone="danger" icon="circle-alert">
                {t('Non riceve')}
              </StatusChip>
            ) : contacts.emailVerifiedAt ? (
              <StatusChip tone="success" icon="circle-check">
                {t('Confermata')}
              </StatusChip>
            ) : (
              <StatusChip tone="warning" icon="clock-alert">
                {t('Da confermare')}
              </StatusChip>
            ))
          }
        >
          {contacts.isEmailRefused && (
            <p className="mb-4 font-semibold text-danger">
              {t('I nostri messaggi a questo indirizzo tornano indietro: scrivine un altro.')}
            </p>
          )}
          <p className="mb-4">
            {contacts.email ? (
              <>
                {fill(t('Scriviamo a {strong}'), {
                  strong: (
                    <strong key="strong" className="font-semibold break-all text-ink">
                      {contacts.email}
                    </strong>
                  ),
                })}
                {contacts.emailVerifiedAt &&
                  t(', confermata il {numericDay}', {
                    numericDay: numericDay(dayInRome(contacts.emailVerifiedAt), t.language),
                  })}
                .
              </>
            ) : (
              t('Non abbiamo la tua e-mail: senza, non possiamo mandarti ricevute e avvisi.')
            )}{' '}
            {t('Non serve per entrare: si entra solo con SPID o CIE.')}
          </p>
          <div className="grid gap-6">
            {contacts.waiting && (
              <CodeForm
                key={contacts.waiting.id}
                municipalitySlug={municipalitySlug}
                action={confirm}
                changeId={contacts.waiting.id}
                name="code"
                label={t('Codice di sei cifre')}
                hint={t('L’abbiamo mandato a {email}. Vale mezz’ora.', { email: contacts.waiting.email })}
                submit={t('Conferma l’e-mail')}
              />
            )}
            <EmailForm
              municipalitySlug={municipalitySlug}
              initial={initial('email')}
              action={askEmail}
              email={contacts.email}
            />
          </div>
        </Card>
        <PhoneCard
          municipalitySlug={municipalitySlug}
          contacts={contacts}
          initial={initial('phone')}
          actions={{ save: savePhone, confirm: confirmTelephone }}
        />
        {contacts.needsAddress && (
          <Card title={t('Indirizzo di residenza')} titleId="indirizzo-titolo">
            <p className="mb-4">{t('La legge lo chiede in ogni fattura. Lo scrivi una volta sola.')}</p>
            <AddressForm
              municipalitySlug={municipalitySlug}
              initial={initial('street')}
              action={saveAddress}
              address={contacts.address}
            />
          </Card>
        )}
      </div>
    </>
  )
}
