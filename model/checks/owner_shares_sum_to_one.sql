-- The shares of a component's owners on any day sum to exactly 1.
SELECT ComponentId, ValidFrom, SUM(x_OwnerShare) AS x_Shares
FROM int_component_shares
GROUP BY ComponentId, ValidFrom
HAVING SUM(x_OwnerShare) <> 1
