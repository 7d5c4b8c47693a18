import { selectRows } from '../../core/duckdb.ts';
import type { ComputedRelation } from '../computed.ts';
import { insertRows } from '../inputs/load.ts';
import { suggest, type CatalogName } from './suggest.ts';

/** Label values that attribution did not know, each with the current catalog name that was probably meant. */
export const labelSuggestions: ComputedRelation = {
  name: 'int_label_suggestions',
  grain: 'a label value, in normal form, that is no catalog name but close to one',
  key: [{ name: 'x_LabelValue', nullable: false }],
  columns:
    'x_LabelValue VARCHAR, x_SuggestedComponentId VARCHAR, x_SuggestedSquadId VARCHAR, x_SuggestionDistance BIGINT',
  dependsOn: ['int_attributions', 'int_attribution_labels', 'inp_catalog_matches'],
  compute: async (connection) => {
    const unknown = await selectRows<{ x_MatchValue: string }>(
      connection,
      `SELECT DISTINCT l.x_MatchValue
       FROM int_attribution_labels AS l
       JOIN int_attributions AS a
         ON a.x_LabelSetId = l.x_LabelSetId AND a.x_MatchedKey = l.x_LabelKey AND a.x_MatchedValue = l.x_LabelValue
       WHERE a.x_UnallocatedReason = 'label-value-unknown'
       ORDER BY 1`,
    );
    const names = await selectRows<CatalogName>(
      connection,
      `SELECT x_MatchValue AS name, ComponentId, SquadId
       FROM inp_catalog_matches
       WHERE x_MatchScope IN ('component', 'squad') AND ValidTo = DATE '2999-12-31'
         AND (ComponentId IS NOT NULL OR SquadId IS NOT NULL)`,
    );
    const rows = suggest(
      unknown.map((row) => row.x_MatchValue),
      names,
    ).map(({ value, ComponentId, SquadId, distance }) => ({
      x_LabelValue: value,
      x_SuggestedComponentId: ComponentId,
      x_SuggestedSquadId: SquadId,
      x_SuggestionDistance: distance,
    }));
    await connection.run(`CREATE TABLE int_label_suggestions (${labelSuggestions.columns})`);
    await insertRows(connection, 'int_label_suggestions', rows);
  },
};
