-- A fiscal code is looked up under each key of the ring while its key is replaced; invitations were found within a municipality only.
create index delegate_invitation_by_code on delegate_invitation (fiscal_code_hash);
