print("sectorkit")
