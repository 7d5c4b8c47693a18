import type { CloudBillingFacts } from '../../core/cloud-billing.ts';
import { dayOfPartition, isBillingKind, newestSnapshots, type LakeBatch, type SourceHeads } from '../../core/lake.ts';
import { sourceSchema } from '../../core/source-schemas/source-schemas.ts';
import { missingPartitions } from './batch-rows.ts';
import type { InputRow } from './tables.ts';

/** Rows of `inp_snapshots`: the batches that are lists and no charges. */
export function snapshotRows(batches: LakeBatch[], heads: SourceHeads[]): InputRow[] {
  const lists = batches.filter(({ manifest }) => !isBillingKind(manifest.kind));
  const newest = new Set(newestSnapshots(lists));
  const isMissing = missingPartitions(heads);
  return lists.map((batch) => {
    const { source, kind, partition, batchId, rows, exportTimeMax, pulledAt } = batch.manifest;
    const isOfDay = sourceSchema(kind).snapshot === 'partition';
    return {
      x_SourceName: source,
      x_SourceKind: kind,
      x_Partition: partition,
      x_BatchId: batchId,
      x_RowCount: rows,
      x_SnapshotTime: (isOfDay ? dayOfPartition(partition) : null) ?? exportTimeMax,
      x_PulledAt: pulledAt,
      x_IsMissing: isMissing(source, partition),
      x_IsNewest: newest.has(batch),
    };
  });
}

/** Rows of `inp_billing_accounts`. */
export function billingAccountRows({ accounts }: CloudBillingFacts): InputRow[] {
  return accounts.map((account) => ({
    BillingAccountId: account.accountId,
    x_BillingAccountName: account.displayName,
    x_IsOpen: account.open,
    BillingCurrency: account.currency,
    x_FetchedAt: account.fetchedAt,
  }));
}

/** Rows of `inp_linked_projects`. */
export function linkedProjectRows({ accounts }: CloudBillingFacts): InputRow[] {
  return accounts.flatMap(({ accountId, projects, formerProjects }) =>
    [...projects, ...formerProjects].map((project, index) => ({
      BillingAccountId: accountId,
      SubAccountId: project.projectId,
      x_IsLinked: index < projects.length,
      x_IsBillingEnabled: project.billingEnabled,
      x_FirstLinkedAt: project.firstLinkedAt,
      x_LastLinkedAt: project.lastLinkedAt,
    })),
  );
}

/** Rows of `inp_catalog_prices`: every tier of every SKU. */
export function catalogPriceRows({ skus }: CloudBillingFacts): InputRow[] {
  return skus.flatMap((service) =>
    service.skus.flatMap((sku) =>
      sku.tiers.map(({ startUsageAmount, unitPrice }) => ({
        SkuId: sku.skuId,
        BillingCurrency: service.currency,
        x_SkuDescription: sku.description,
        x_ServiceId: service.serviceId,
        ServiceName: service.serviceName,
        PricingUnit: sku.usageUnit,
        x_PricingUnitDescription: sku.usageUnitDescription,
        // The pricing export's word for the same.
        x_GeoType: sku.geoType === 'MULTI_REGIONAL' ? 'MULTI_REGION' : sku.geoType,
        x_Regions: sku.regions.join(','),
        x_Taxonomy: [sku.resourceFamily, sku.resourceGroup, sku.usageType].filter(Boolean).join(' > '),
        x_TierStart: startUsageAmount,
        x_UnitPrice: unitPrice,
        x_AsOf: sku.effectiveAt ?? service.fetchedAt,
      })),
    ),
  );
}
