import { phrase } from '#lib/words/language.ts'
import { ContentListPage, type ListProps, listMetadata } from '../_contenuti/list-page.tsx'

export const generateMetadata = listMetadata(
  'news',
  phrase('Avvisi, novità e comunicati sulla mensa scolastica.'),
)

export default function News(props: ListProps) {
  return (
    <ContentListPage
      kind="news"
      lead={phrase('Avvisi, novità e comunicati sulla mensa delle scuole.')}
      {...props}
    />
  )
}
