import type { Metadata } from 'next'
import { EditContentPage, type EditProps } from '../../_contenuti/editor-page.tsx'

export const metadata: Metadata = { title: 'Modifica notizia' }

export default function EditNews(props: EditProps) {
  return <EditContentPage kind="news" {...props} />
}
