import type { Metadata } from 'next'
import { EditContentPage, type EditProps } from '../../_contenuti/editor-page.tsx'

export const metadata: Metadata = { title: 'Modifica documento' }

export default function EditDocuments(props: EditProps) {
  return <EditContentPage kind="document" {...props} />
}
