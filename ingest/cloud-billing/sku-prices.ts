import type { CatalogSku } from '../../core/cloud-billing.ts';

interface ApiMoney {
  currencyCode?: string | null;
  /** An int64; the client gives a text, a number or a Long. */
  units?: { toString: () => string } | null;
  nanos?: number | null;
}

/** A SKU as the Cloud Catalog API gives it, as far as it is read. */
export interface ApiSku {
  skuId?: string | null;
  description?: string | null;
  category?: { resourceFamily?: string | null; resourceGroup?: string | null; usageType?: string | null } | null;
  serviceRegions?: string[] | null;
  geoTaxonomy?: { type?: string | number | null; regions?: string[] | null } | null;
  pricingInfo?:
    | {
        effectiveTime?: { seconds?: { toString: () => string } | null } | null;
        pricingExpression?: {
          usageUnit?: string | null;
          usageUnitDescription?: string | null;
          tieredRates?: { startUsageAmount?: number | null; unitPrice?: ApiMoney | null }[] | null;
        } | null;
      }[]
    | null;
}

const GEO_TYPES = ['TYPE_UNSPECIFIED', 'GLOBAL', 'REGIONAL', 'MULTI_REGIONAL'];

/** The present list price of a SKU, exact. The API gives prices oldest first where it gives several. */
export function catalogSkuOf(sku: ApiSku): CatalogSku {
  const { resourceFamily, resourceGroup, usageType } = sku.category ?? {};
  const latest = sku.pricingInfo?.at(-1);
  const { usageUnit, usageUnitDescription, tieredRates } = latest?.pricingExpression ?? {};
  const seconds = latest?.effectiveTime?.seconds;
  return {
    skuId: sku.skuId ?? '',
    description: sku.description ?? '',
    resourceFamily: resourceFamily ?? '',
    resourceGroup: resourceGroup ?? '',
    usageType: usageType ?? '',
    geoType: geoTypeOf(sku.geoTaxonomy?.type),
    regions: [...new Set([...(sku.geoTaxonomy?.regions ?? []), ...(sku.serviceRegions ?? [])])].sort(),
    usageUnit: usageUnit ?? '',
    usageUnitDescription: usageUnitDescription ?? '',
    effectiveAt: seconds ? new Date(Number(seconds.toString()) * 1000).toISOString() : null,
    tiers: (tieredRates ?? []).map(({ startUsageAmount, unitPrice }) => ({
      startUsageAmount: decimalOfDouble(startUsageAmount ?? 0),
      unitPrice: decimalOfMoney(unitPrice),
    })),
  };
}

/** `units` and `nanos` as one exact decimal: units "2", nanos 933908000 is `2.933908000`. Both carry the amount's sign. */
export function decimalOfMoney(money: ApiMoney | null | undefined): string {
  const total = BigInt(money?.units?.toString() ?? '0') * 1_000_000_000n + BigInt(money?.nanos ?? 0);
  const digits = (total < 0n ? -total : total).toString().padStart(10, '0');
  return `${total < 0n ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

/** A tier's start without an exponent. */
function decimalOfDouble(value: number): string {
  return Number.isInteger(value) ? BigInt(value).toString() : value.toFixed(9);
}

function geoTypeOf(type: string | number | null | undefined): string | null {
  const name = typeof type === 'number' ? GEO_TYPES[type] : type;
  return name && name !== GEO_TYPES[0] ? name : null;
}
