import type { Metadata } from 'next'
import { PreviewPage, type PreviewProps } from '../../../_contenuti/preview-page.tsx'

export const metadata: Metadata = { title: 'Anteprima' }

export default function PreviewNews(props: PreviewProps) {
  return <PreviewPage kind="news" {...props} />
}
