import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { BalanceCard } from '#components/family/balance-card.tsx'
import { StatementFiltersForm } from '#components/family/statement-filters.tsx'
import { StatementTable } from '#components/family/statement-table.tsx'
import { TopUpChooser } from '#components/family/top-up-chooser.tsx'
import { StepProgress } from '#components/forms/step-progress.tsx'
import { Legend } from '#components/meals/legend.tsx'
import { MealCalendar } from '#components/meals/meal-calendar.tsx'
import { MonthNav } from '#components/meals/month-nav.tsx'
import { InboxList } from '#components/notifications/inbox-list.tsx'
import { BottomBar } from '#components/shell/bottom-bar.tsx'
import { bottomBarSections, familySections, publicSections } from '#components/shell/sections.ts'
import { SiteHeader } from '#components/shell/site-header.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { Choice, ChoiceGroup, Field, SelectField, TextAreaField } from '#components/ui/field.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { addDays, type Day, instantInRome, weekdayOf } from '#lib/kernel/day.ts'
import { env } from '#lib/kernel/env.ts'
import type { Cell } from '#lib/meals/month-view.ts'
import { italian, properName } from '#lib/words/language.ts'

/**
 * The family's screens read from right to left, with invented figures: how the layout stands in
 * Arabic or Hebrew, apart from any catalogue. It is there in demonstrations and tests only, and shows no real person. Arabic
 * stands where a component takes its words from outside; its own words stay Italian.
 */
export const metadata: Metadata = { title: 'من اليمين إلى اليسار', robots: { index: false } }

const HERE = '/prova/da-destra'
const MONDAY: Day = '2026-11-23'
const NOW = instantInRome(MONDAY, '08:10')
const headerViewer = { name: 'ليلى', family: true, holder: true, staff: false, unread: 2 }

const KINDS: Cell[1][] = ['present', 'absent', 'present', 'closed', 'present']

/** Two weeks of a month: what is past, what can be changed, a closure. */
const weeks: Cell[][] = [-7, 0].map((offset) =>
  KINDS.map((kind, index): Cell => {
    const day = addDays(MONDAY, offset + index)
    if (day < MONDAY) return [day, 'consumed', 0]
    return kind === 'closed' ? [day, kind, 0, 'إضراب'] : [day, kind, instantInRome(day, '09:30').getTime()]
  }),
)

const movement = (n: number, kind: 'meals' | 'top_up' | 'meals_reversal', amountCents: number) => ({
  id: `m${n}`,
  kind,
  amountCents,
  balanceCents: 88_470 - n * 540,
  day: addDays(MONDAY, -n),
  postedAt: instantInRome(addDays(MONDAY, -n), '09:30'),
  pupilName: kind === 'top_up' ? null : 'ياسمين',
})

function Screens() {
  return (
    <>
      <PageHeading
        eyebrow={<span lang="ar">مطعم المدرسة</span>}
        title={<span lang="ar">من اليمين إلى اليسار</span>}
        lead={<span lang="ar">الرصيد 884,70 € وآخر موعد للإلغاء الساعة 9:30.</span>}
      />
      <div className="grid gap-8">
        <Notice kind="warning" title={<span lang="ar">لم يتغير شيء</span>}>
          <p lang="ar">آخر موعد كان الساعة 9:30 (يوم 24/11/2026).</p>
        </Notice>
        <BalanceCard
          id="conto"
          serviceName="Refezione Scolastica"
          balanceCents={88_470}
          asOf={NOW}
          mealPriceCents={540}
          nextPrice={null}
          prices={[]}
          meals={163}
          state="good"
          outlook={{ coveredDays: 81, lastCoveredDay: '2027-04-12', firstUncoveredDay: '2027-04-13' }}
          topUpHref={HERE}
          detailsHref={HERE}
        />
        <section aria-label="التقويم">
          <MonthNav
            title="نوفمبر 2026"
            previous={{ href: HERE, label: 'أكتوبر' }}
            next={{ href: HERE, label: 'ديسمبر' }}
            views={[
              { href: HERE, label: 'تقويم', current: true },
              { href: HERE, label: 'قائمة', current: false },
            ]}
          />
          <MealCalendar
            view={{
              pupilId: 'prova',
              month: '2026-11',
              at: NOW.getTime(),
              weekdays: weeks[0]?.map(([day]) => weekdayOf(day)) ?? [],
              weeks,
            }}
            childName="ياسمين"
            caption="نوفمبر 2026"
            today={MONDAY}
            paths={{ api: HERE, preview: HERE, days: `${HERE}?giorno=` }}
          />
          <Legend />
        </section>
        <StatementFiltersForm
          filters={{ accountId: null, pupilId: null, kind: null, from: null, to: null, page: 1 }}
          problems={{ dal: properName('اكتب تاريخا صحيحا، مثلا 24/11/2026.') }}
          pupils={[{ pupilId: 'prova', name: 'ياسمين' }]}
          accountId={null}
          clearHref={HERE}
        />
        <StatementTable
          caption="الحركات"
          movements={[
            movement(1, 'meals', -540),
            movement(2, 'meals_reversal', 540),
            movement(3, 'top_up', 10_800),
          ]}
        />
        <Pagination label="الصفحات" page={2} pages={5} hrefOf={(page) => `${HERE}?pagina=${page}`} />
        <StepProgress
          steps={[
            { id: 'a', title: 'الطفل', href: HERE },
            { id: 'b', title: 'الحمية', href: HERE },
          ]}
          current="b"
          recapHref={HERE}
        />
        <form className="grid max-w-xl gap-5" aria-label="استمارة">
          <Field
            name="email"
            label={<span lang="ar">البريد الإلكتروني</span>}
            hint={<span lang="ar">نكتب إليك هنا.</span>}
            error="اكتب العنوان هكذا: nome@example.it."
            dir="ltr"
          />
          <Field name="pasti" label={<span lang="ar">عدد الوجبات</span>} unit="×" defaultValue="20" />
          <SelectField name="scuola" label={<span lang="ar">المدرسة</span>}>
            <option>Primaria Bertani</option>
          </SelectField>
          <TextAreaField name="note" label={<span lang="ar">ملاحظات</span>} />
          <ChoiceGroup name="metodo-prova" legend={<span lang="ar">طريقة الدفع</span>}>
            <Choice
              id="prova-carta"
              name="metodo-prova"
              label={<span lang="ar">بطاقة</span>}
              hint="VISA, MASTERCARD"
              defaultChecked
            />
            <Choice id="prova-mybank" name="metodo-prova" label="MyBank" />
          </ChoiceGroup>
          <div className="flex flex-wrap gap-3">
            <Button type="button" icon="arrow-right">
              <span lang="ar">التالي</span>
            </Button>
            <ButtonLink href={HERE} look="quiet" icon="arrow-left">
              <span lang="ar">رجوع</span>
            </ButtonLink>
          </div>
        </form>
        <TopUpChooser
          here={HERE}
          accountId="prova"
          unitCents={540}
          typed={{ meals: '20', amount: '', method: null }}
          error={null}
        />
        <InboxList
          municipalitySlug="mozzecane"
          readAll={nothingToRead}
          inbox={{
            items: [
              {
                id: 'n1',
                title: 'إلغاء وجبة: الخميس 3 ديسمبر',
                text: 'ألغى Marco Conti وجبة الخميس 3 ديسمبر.',
                at: NOW,
                isRead: true,
                event: 'meals:changed',
              },
            ],
            unread: 0,
            page: 1,
            pages: 1,
          }}
        />
      </div>
    </>
  )
}

/** Nothing waits to be read here, so there is no button that would ask for it. */
const nothingToRead = () => Promise.reject(new Error('nothing to read'))

export default function RightToLeft() {
  if (!env().DEMO) notFound()
  return (
    <div dir="rtl">
      <SiteHeader
        path={HERE}
        address={HERE}
        municipality={{ slug: 'mozzecane', name: 'Mozzecane', operatorName: 'Tangram Cooperativa Sociale' }}
        publicSections={publicSections('mozzecane', italian)}
        headerViewer={headerViewer}
        sections={familySections('mozzecane', headerViewer, italian)}
      />
      <BottomBar sections={bottomBarSections('mozzecane', headerViewer, italian)} path={HERE} />
      <main id="contenuto" tabIndex={-1}>
        <div className="container-page py-6 sm:py-10">
          <Breadcrumb items={[{ label: 'الرئيسية', href: HERE }, { label: 'من اليمين إلى اليسار' }]} />
          <Screens />
        </div>
      </main>
    </div>
  )
}
