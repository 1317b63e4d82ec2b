import type { Metadata } from 'next'
import { PreviewPage, type PreviewProps } from '../../../_contenuti/preview-page.tsx'

export const metadata: Metadata = { title: 'Anteprima' }

export default function PreviewDocuments(props: PreviewProps) {
  return <PreviewPage kind="document" {...props} />
}
