import { type Kysely, sql } from 'kysely'

/**
 * An invoice is numbered when the money arrives, whatever is missing: its XML may come later, once, and then never changes.
 * What it says about the service and the tax is frozen with it; the tax of a price may be an exemption with its reason.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    alter table meal_price
      add column vat_nature text check (vat_nature in ('N2.2', 'N4')),
      add column vat_reference text default 'Tab. A, parte II, n. 37, DPR 633/1972' check (length(vat_reference) between 1 and 100),
      add check ((vat_basis_points = 0) = (vat_nature is not null)),
      add check (vat_nature is null or vat_reference is not null);
    comment on column meal_price.vat_nature is 'Why no VAT is due, as the electronic invoice names it; null with a rate';
    comment on column meal_price.vat_reference is 'The law of the rate or of the exemption, as printed on the invoice';

    alter table invoice
      add column municipality_name text not null,
      add column service_name text not null,
      add column vat_nature text,
      add column vat_reference text,
      add column gaps text[] not null default '{}',
      add column completed_at timestamptz default app_now(),
      alter column xml drop not null,
      alter column xml_sha256 drop not null,
      add check ((xml is null) = (xml_sha256 is null)),
      add check ((xml is null) = (cardinality(gaps) > 0)),
      add check ((xml is null) = (completed_at is null));
    comment on column invoice.gaps is 'What the XML still lacks (customer_address, …); empty once it is written';
    create index invoice_waiting on invoice (municipality_id, holder_id) where xml is null;

    create function invoice_is_completed_once() returns trigger language plpgsql as $$
    declare
      kept jsonb := to_jsonb(old) - '{customer,supplier,gaps,xml,xml_sha256,completed_at}'::text[];
    begin
      if old.xml is not null or new.xml is null then
        raise exception 'invoice is append-only: update refused' using errcode = 'restrict_violation';
      end if;
      if to_jsonb(new) - '{customer,supplier,gaps,xml,xml_sha256,completed_at}'::text[] is distinct from kept then
        raise exception 'completing an invoice changes nothing else of it' using errcode = 'restrict_violation';
      end if;
      return new;
    end $$;
    drop trigger invoice_append_only on invoice;
    create trigger invoice_no_delete before delete on invoice for each row execute function refuse_change();
    create trigger invoice_completed_once before update on invoice for each row execute function invoice_is_completed_once();
    grant update (customer, supplier, gaps, xml, xml_sha256, completed_at) on invoice to refettorio_web;
  `)
    .execute(db)
}
