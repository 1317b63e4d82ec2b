import type { Metadata } from 'next'
import { NewContentPage, type NewProps } from '../../_contenuti/editor-page.tsx'

export const metadata: Metadata = { title: 'Nuovo documento' }

export default function NewDocuments(props: NewProps) {
  return <NewContentPage kind="document" {...props} />
}
