import { useWords } from '#words'
import { ContentListPage, type ListProps, listMetadata } from '../_contenuti/list-page.tsx'

export const generateMetadata = listMetadata('news', 'Avvisi, novità e comunicati sulla mensa scolastica.')

export default function News(props: ListProps) {
  const t = useWords()
  return (
    <ContentListPage
      kind="news"
      lead={t('Avvisi, novità e comunicati sulla mensa delle scuole.')}
      {...props}
    />
  )
}
