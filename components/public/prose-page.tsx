import type { ReactNode } from 'react'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { useWords } from '#words'

/** A page made of words: a column as wide as a line that reads well. */
export function ProsePage({
  municipalitySlug,
  title,
  lead,
  children,
}: {
  municipalitySlug: string
  title: string
  lead?: ReactNode
  children: ReactNode
}) {
  const t = useWords()
  return (
    <div className="container-page py-6 sm:py-10">
      <Breadcrumb
        items={[{ label: t('Mensa scolastica'), href: `/${municipalitySlug}` }, { label: title }]}
      />
      <div className="max-w-3xl">
        <h1 className="text-3xl sm:text-4xl">{title}</h1>
        {lead && <p className="mt-3 text-lg">{lead}</p>}
        <div className="mt-8 grid grid-cols-1 gap-3 wrap-anywhere [&_h2]:mt-6 [&_h2]:text-2xl [&_ul]:grid [&_ul]:list-disc [&_ul]:gap-1 [&_ul]:ps-6">
          {children}
        </div>
      </div>
    </div>
  )
}
