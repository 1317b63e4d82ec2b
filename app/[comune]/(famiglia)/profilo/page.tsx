import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { AddressForm } from '#components/profile/contact-forms.tsx'
import { EmailCard } from '#components/profile/email-card.tsx'
import { PhoneCard } from '#components/profile/phone-card.tsx'
import { LinkList } from '#components/shell/link-list.tsx'
import { profileSections } from '#components/shell/sections.ts'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { countriesIn } from '#lib/invoices/place-code.ts'
import { contactsOf } from '#lib/people/contact.queries.ts'
import { headerViewerOf } from '#lib/session/header-viewer.ts'
import { requireViewer, resumedForm } from '#lib/session/session.request.ts'
import { UNTOUCHED } from '#lib/web/form-state.ts'
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
        <EmailCard
          municipalitySlug={municipalitySlug}
          contacts={contacts}
          initial={initial('email')}
          actions={{ ask: askEmail, confirm }}
        />
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
              countries={countriesIn(t.language)}
            />
          </Card>
        )}
      </div>
    </>
  )
}
