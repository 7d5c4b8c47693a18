-- Every comparison of fct_reconciliation holds.
SELECT x_Reconciliation, BillingPeriodStart, BillingCurrency, x_CostColumn, x_Expected, x_Actual, x_Difference
FROM fct_reconciliation
WHERE NOT x_Holds
