import { PageHeading } from '#components/ui/page-heading.tsx'

export default function ChooseMunicipality() {
  return (
    <main id="contenuto" tabIndex={-1} className="container-page py-8">
      <PageHeading title="Scegli il tuo Comune" />
    </main>
  )
}
