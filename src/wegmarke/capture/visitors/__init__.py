"""An estimate of how many visitors came on a day, from no id at all and nothing that outlives the day."""
